//! Films that are as a test wants them: so many frames, of this size and light, with sound of this length.

use std::path::Path;
use std::process::Command;

use crate::client::python;

/// A film to be made, at 24 frames per second.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// Its frames.
    pub frames: u32,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Each component of each pixel, 0 to 255.
    pub light: u8,
    /// Seconds of sound; none at 0.
    pub sound_s: f64,
}

/// Writes H.264, and AAC of one channel where there is sound.
const PROGRAM: &str = "
import sys, av, numpy
path, frames, width, height, light, seconds = sys.argv[1], *map(int, sys.argv[2:6]), float(sys.argv[6])
with av.open(path, 'w', format='mp4') as film:
    picture = film.add_stream('libx264', rate=24)
    picture.width, picture.height, picture.pix_fmt = width, height, 'yuv420p'
    sound = film.add_stream('aac', rate=48000, layout='mono') if seconds else None
    pixels = numpy.full((height, width, 3), light, numpy.uint8)
    for number in range(frames):
        frame = av.VideoFrame.from_ndarray(pixels, format='rgb24')
        frame.pts = number
        film.mux(picture.encode(frame))
    film.mux(picture.encode())
    if sound:
        samples = numpy.zeros((1, 1024), numpy.float32)
        for begin in range(0, int(seconds * 48000), 1024):
            block = av.AudioFrame.from_ndarray(samples, format='fltp', layout='mono')
            block.sample_rate, block.pts = 48000, begin
            film.mux(sound.encode(block))
        film.mux(sound.encode())
";

/// Writes the film, over what is there.
pub fn made(path: &Path, film: &Made) {
    let Made { frames, width, height, light, sound_s } = *film;
    let numbers =
        [frames.to_string(), width.to_string(), height.to_string(), light.to_string(), sound_s.to_string()];
    let output = Command::new(python())
        .args(["-c", PROGRAM])
        .arg(path)
        .args(numbers)
        .output()
        .expect("the Python of the virtual environment runs");
    assert!(output.status.success(), "no film: {}", String::from_utf8_lossy(&output.stderr));
}
