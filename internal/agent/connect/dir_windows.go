package connect

import (
	"os"
	"path/filepath"
)

func installedDir() string { return filepath.Join(os.Getenv("ProgramData"), "Sekisho", "agent") }
