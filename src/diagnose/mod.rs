//! A case into a diagnosis: the path as stations, the rules, their ranking, and the next question.
