// Package clips makes the camera pictures of stories, tour and benchmarks:
// MJPEG files of 640x480 at 30 frames a second, which Chromium plays in a loop
// as its camera, with a timeline of who is to be seen when. ffmpeg cuts and
// joins; sources are the test clips beside the project, files that somebody
// names, or the sample photographs that npm's @vladmandic/face-api ships.
package clips
