"""The detection of advertisements measured: beside what one would build from scikit-learn, and part by part."""
