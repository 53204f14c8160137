//! Media for the tests, made on the spot: a film by PyAV, and sound by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::client::{python, root};

/// Writes a film of so many frames at 24 per second, 320 by 180 pixels, H.264, each frame showing its number.
pub fn film(path: &Path, frames: u32) -> PathBuf {
    film_with(path, frames, "")
}

/// The same with a tone beside the picture.
pub fn film_with_sound(path: &Path, frames: u32) -> PathBuf {
    film_with(path, frames, "tone")
}

fn film_with(path: &Path, frames: u32, sound: &str) -> PathBuf {
    let program = "import sys; sys.path.insert(0, sys.argv[1]); from generate import film; \
                   film(sys.argv[2], 24, int(sys.argv[3]), sound=sys.argv[4])";
    let output = Command::new(python())
        .args(["-c", program])
        .arg(root().join("tests/engine"))
        .arg(path)
        .arg(frames.to_string())
        .arg(sound)
        .output()
        .expect("the Python of the virtual environment runs");
    assert!(output.status.success(), "no film: {}", String::from_utf8_lossy(&output.stderr));
    path.to_owned()
}

/// Writes a WAV of so many seconds of silence: 48 kHz, 16 bits, one channel.
pub fn wav(path: &Path, seconds: u32) -> PathBuf {
    const RATE: u32 = 48_000;
    const BYTES_PER_SAMPLE: u32 = 2;
    let data = seconds * RATE * BYTES_PER_SAMPLE;
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + data).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    // PCM, one channel.
    file.extend(1u16.to_le_bytes());
    file.extend(1u16.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * BYTES_PER_SAMPLE).to_le_bytes());
    file.extend((BYTES_PER_SAMPLE as u16).to_le_bytes());
    file.extend(16u16.to_le_bytes());
    file.extend(b"data");
    file.extend(data.to_le_bytes());
    file.resize(file.len() + data as usize, 0);
    std::fs::write(path, file).expect("the temporary folder is writable");
    path.to_owned()
}
