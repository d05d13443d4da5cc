"""The book as a PDF: the built HTML pages in one tree, set by WeasyPrint with a print stylesheet.

`contents` what is printed, and in which order · `assembly` the pages in one tree · `evidence` which entries of the
record go with them · `front` title page, imprint and lists · `fonts` what they are set in · `lettering` the writing in
charts · `setting` from the tree to pages · `joining` one tagged PDF of the parts · `making` all of it.
"""
