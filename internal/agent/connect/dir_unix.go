//go:build !windows

package connect

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

func installedDir() string { return "/var/lib/sekisho-agent" }

// secureFolder makes the state folder, closes it to everybody else, and refuses
// one that belongs to another account: its owner could open it again at any time.
func secureFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return errFolder.Because(err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return errFolder.Because(err)
	}
	if err := ownedBy(info, os.Geteuid()); err != nil {
		return errFolder.Because(fmt.Errorf("connect: state folder %s: %w", dir, err))
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return errFolder.Because(err)
	}
	return nil
}

// trustedFile refuses a file that somebody else than its owner may write, or
// whose owner is neither we nor root.
func trustedFile(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no plain file", path)
	}
	if info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("others may write %s (mode %o)", path, info.Mode().Perm())
	}
	if err := ownedBy(info, os.Geteuid(), 0); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func ownedBy(info fs.FileInfo, users ...int) error {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fs.ErrInvalid
	}
	for _, u := range users {
		if int(s.Uid) == u {
			return nil
		}
	}
	return fmt.Errorf("it belongs to user id %d, we are %d", s.Uid, os.Geteuid())
}
