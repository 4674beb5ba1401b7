//! Sends the graphics driver's shader compiler home.
//!
//! egui compiles its shaders before the first frame and none ever after. Mesa would keep the tables of its compiler,
//! six megabytes, for as long as the window stands.
#![allow(unsafe_code)]

use std::ffi::c_void;

use eframe::CreationContext;
use eframe::glow::HasContext as _;

/// Tells OpenGL that no shader will be compiled soon. It is a hint that every driver may ignore, and one that is
/// needed again comes back by itself.
pub(super) fn release(creation: &CreationContext<'_>) {
    let (Some(gl), Some(find)) = (&creation.gl, &creation.get_proc_address) else {
        return;
    };
    let version = gl.version();
    let since = if version.is_embedded { (2, 0) } else { (4, 1) };
    let knows = (version.major, version.minor) >= since
        || gl.supported_extensions().contains("GL_ARB_ES2_compatibility");
    let found = find(c"glReleaseShaderCompiler");
    if !knows || found.is_null() {
        return;
    }
    // SAFETY: the context whose version was asked is current in this thread while the application is made. From that
    // version on the driver has this function; it takes nothing and gives nothing back, and a function's address
    // has the size of a pointer wherever OpenGL exists.
    unsafe {
        let release = std::mem::transmute::<*const c_void, unsafe extern "system" fn()>(found);
        release();
    }
}
