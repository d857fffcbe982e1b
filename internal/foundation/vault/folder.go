package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Folder is a Store in a directory: ab/abcdef…, with unfinished ones in tmp.
type Folder struct{ path string }

const (
	tmpFolder = "tmp"
	staleTmp  = 24 * time.Hour // what a crash left unfinished
)

// OpenFolder opens a vault in a directory, which it creates with mode 0700, and
// clears away what a crash left unfinished. now tells how old that is.
func OpenFolder(path string, now time.Time) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(path, tmpFolder), 0o700); err != nil {
		return nil, fmt.Errorf("vault: open: %w", err)
	}
	left, err := os.ReadDir(filepath.Join(path, tmpFolder))
	if err != nil {
		return nil, fmt.Errorf("vault: open: %w", err)
	}
	for _, e := range left {
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) < staleTmp {
			continue // gone, or another process is still writing it
		}
		if err := os.Remove(filepath.Join(path, tmpFolder, e.Name())); err != nil {
			return nil, fmt.Errorf("vault: open: %w", err)
		}
	}
	return &Folder{path: path}, nil
}

// Put implements Store.
func (f *Folder) Put(ctx context.Context, r io.Reader, max int64) (string, int64, error) {
	tmp, err := os.CreateTemp(filepath.Join(f.path, tmpFolder), "put-*") // 0600
	if err != nil {
		return "", 0, fmt.Errorf("vault: put: %w", err)
	}
	h := sha256.New()
	size, err := io.Copy(io.MultiWriter(tmp, h), io.LimitReader(contextReader{ctx, r}, max+1))
	if err == nil && size > max {
		err = ErrTooLarge
	}
	if err == nil {
		err = tmp.Sync()
	}
	err = errors.Join(err, tmp.Close())
	name := hex.EncodeToString(h.Sum(nil))
	if err == nil {
		err = f.settle(tmp.Name(), name)
	}
	if err != nil {
		if e := os.Remove(tmp.Name()); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
		return "", 0, fmt.Errorf("vault: put: %w", err)
	}
	return name, size, nil
}

// settle moves a finished file to its name, and both folders to the disk.
func (f *Folder) settle(tmp, name string) error {
	target := f.file(name)
	dir := filepath.Dir(target)
	if err := os.Mkdir(dir, 0o700); err == nil {
		if err := syncFolder(f.path); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	// A blob that is there already is replaced by the same bytes; if the old
	// ones had gone bad, that heals them.
	if err := os.Rename(tmp, target); err != nil {
		return err
	}
	return syncFolder(dir)
}

// Get implements Store.
func (f *Folder) Get(_ context.Context, hash string) (io.ReadCloser, error) {
	if !validHash(hash) {
		return nil, ErrNotFound
	}
	file, err := os.Open(f.file(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("vault: get %s: %w", hash, err)
	}
	return &checked{file: file, sum: sha256.New(), want: hash}, nil
}

// Delete implements Store.
func (f *Folder) Delete(_ context.Context, hash string) error {
	if !validHash(hash) {
		return ErrNotFound
	}
	err := os.Remove(f.file(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = syncFolder(filepath.Dir(f.file(hash)))
	}
	if err != nil {
		return fmt.Errorf("vault: delete %s: %w", hash, err)
	}
	return nil
}

// Stat implements Store.
func (f *Folder) Stat(_ context.Context, hash string) (Blob, error) {
	if !validHash(hash) {
		return Blob{}, ErrNotFound
	}
	info, err := os.Stat(f.file(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return Blob{}, ErrNotFound
	}
	if err != nil {
		return Blob{}, fmt.Errorf("vault: stat %s: %w", hash, err)
	}
	return Blob{Hash: hash, Size: info.Size(), Stored: info.ModTime().UTC()}, nil
}

// Walk implements Store.
func (f *Folder) Walk(ctx context.Context, visit func(Blob) error) error {
	return filepath.WalkDir(f.path, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("vault: walk: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == tmpFolder && filepath.Dir(path) == filepath.Clean(f.path) {
				return fs.SkipDir
			}
			return nil
		}
		if !validHash(d.Name()) {
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted while we walk
		}
		if err != nil {
			return fmt.Errorf("vault: walk: %w", err)
		}
		return visit(Blob{Hash: d.Name(), Size: info.Size(), Stored: info.ModTime().UTC()})
	})
}

func (f *Folder) file(hash string) string { return filepath.Join(f.path, hash[:2], hash) }

// validHash keeps everything but hashes out of paths.
func validHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

// checked compares what it read with the hash when the file ends.
type checked struct {
	file *os.File
	sum  hash.Hash
	want string
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	_, _ = c.sum.Write(p[:n]) // a hash never fails
	if err == io.EOF && hex.EncodeToString(c.sum.Sum(nil)) != c.want {
		return n, ErrCorrupt
	}
	return n, err
}

func (c *checked) Close() error { return c.file.Close() }

// contextReader stops a slow upload when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
