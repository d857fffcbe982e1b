package recordings

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/sekisho/sekisho"
)

// Folder is where the files of recordings lie. They hold nothing readable; who
// may read the folder can still destroy what is in it.
type Folder interface {
	Create(id sekisho.RecordingID) (File, error) // what stood under the name is gone
	Open(id sekisho.RecordingID) (File, error)   // for reading and for closing what a stopped server left
	Remove(id sekisho.RecordingID) error         // of one that is not there, nil
}

// File is one of them.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Size() (int64, error)
	Truncate(size int64) error
	Sync() error
}

type dir string

// Dir is a folder of the file system, made with mode 0700; its files have 0600.
func Dir(path string) (Folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	return dir(path), nil
}

func (d dir) path(id sekisho.RecordingID) string { return filepath.Join(string(d), string(id)+".skr") }

func (d dir) Create(id sekisho.RecordingID) (File, error) {
	f, err := os.OpenFile(d.path(id), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	folder, err := os.Open(string(d))
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close()) // or a loss of power takes the name
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return file{f}, nil
}

func (d dir) Open(id sekisho.RecordingID) (File, error) {
	f, err := os.OpenFile(d.path(id), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return file{f}, nil
}

func (d dir) Remove(id sekisho.RecordingID) error {
	if err := os.Remove(d.path(id)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

type file struct{ *os.File }

func (f file) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
