package uplink

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// ReplaceFile writes a file in one step, readable by its owner alone: after a
// power cut it is the old one or the new one, whole.
func ReplaceFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600, a name of its own
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already after the rename
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return MoveFile(tmp.Name(), path)
}

// MoveFile puts a file that is whole on the disk into its place, for good.
func MoveFile(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	if runtime.GOOS == "windows" { // it knows no sync of a folder
		return nil
	}
	folder, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
