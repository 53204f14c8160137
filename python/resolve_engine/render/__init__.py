"""The one renderer: thumbnails, frame grabs, stills and render jobs all come from here."""
