package drills

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// changedExport alters the export of the log (tiles and checkpoint): one bit of one
// file within it, packed anew so that the archive's own checksums are right. The
// controls are the export as it came, and packed anew without a change.
func changedExport(ctx context.Context, f *Field, r *Result) error {
	auditor, err := f.visitorAs(ctx, f.Seeded.People["auditor"])
	if err != nil {
		return err
	}
	export, err := auditor.fetch(ctx, "audit/export")
	if err != nil {
		return err
	}
	dir, err := f.Folder("export")
	if err != nil {
		return err
	}
	key, err := f.CLI(ctx, "audit", "key")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "log.zip")
	verify := func(content []byte) (string, error) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return "", err
		}
		return f.sekisho(ctx, "audit", "verify", path, "--key", strings.TrimSpace(key))
	}
	if _, err := verify(export); err != nil {
		return err
	}
	same, err := repacked(export, "")
	if err != nil {
		return err
	}
	said, err := verify(same)
	if err != nil {
		return err
	}
	r.Control, r.Refused = true, true
	var changed []string
	for _, name := range []string{"tile/entries/", "tile/0/", "checkpoint"} {
		bad, err := repacked(export, name)
		if err != nil {
			return err
		}
		_, err = verify(bad)
		r.Refused = r.Refused && err != nil
		changed = append(changed, name+": "+map[bool]string{true: "refused", false: "TAKEN"}[err != nil])
	}
	raw := bytes.Clone(export)
	raw[len(raw)/2] ^= 1
	_, err = verify(raw)
	r.Refused = r.Refused && err != nil
	r.Evidence = fmt.Sprintf("one bit changed in %s; in the archive itself: %t; unchanged: %s", strings.Join(changed, ", "), err != nil, lastLine(errors.New(said)))
	return nil
}

// repacked packs an archive anew, with the middle bit of the first file changed
// whose name begins so; "" changes none.
func repacked(export []byte, begins string) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(export), int64(len(export)))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, done := zip.NewWriter(&out), begins == ""
	for _, file := range in.File {
		from, err := file.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(io.LimitReader(from, 64<<20))
		if err := errors.Join(err, from.Close()); err != nil {
			return nil, err
		}
		if !done && strings.HasPrefix(file.Name, begins) && len(content) > 0 {
			content[len(content)/2] ^= 1
			done = true
		}
		to, err := w.CreateHeader(&zip.FileHeader{Name: file.Name, Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := to.Write(content); err != nil {
			return nil, err
		}
	}
	if !done {
		return nil, fmt.Errorf("drills: the export holds no %s", begins)
	}
	err = w.Close()
	return out.Bytes(), err
}
