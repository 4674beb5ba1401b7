//! The segment diagram: one layout for the window's painter and the report's SVG.
