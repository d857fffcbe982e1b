package wire

// Version is the version of this build, set by the linker.
var Version = "dev"
