"""Real media files: probing, decoding, thumbnails. Every use of PyAV goes through `media.av_safe`."""
