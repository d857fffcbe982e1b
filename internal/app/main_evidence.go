package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/sekisho/sekisho/internal/twin/sealing"
)

// passphrase protects key files; it is never a flag, so that no shell keeps it.
func passphrase() string { return os.Getenv("SEKISHO_PASSPHRASE") }

type evidenceCmd struct {
	Keygen evidenceKeygenCmd `cmd:"" help:"Make an officer's key; the public part goes into the roster."`
	List   evidenceListCmd   `cmd:"" help:"List sealed records: to whom they are sealed, and under which roster."`
	Share  evidenceShareCmd  `cmd:"" help:"First officer: hand your share of one record to the other officer."`
	Open   evidenceOpenCmd   `cmd:"" help:"Second officer: open one record with both shares."`
	Show   evidenceShowCmd   `cmd:"" help:"Second officer: open the picture of an older enrolment for the witness on a replacement PC."`
}

type evidenceKeygenCmd struct {
	Out string `arg:"" type:"path" help:"The key file to write. It is protected by the passphrase in SEKISHO_PASSPHRASE, if set."`
}

// Run makes a key and prints its public part.
func (c evidenceKeygenCmd) Run(sh *shell) error {
	file, public, err := sealing.NewOfficerKey(passphrase())
	if err != nil {
		return err
	}
	if err := writeNew(c.Out, file); err != nil {
		return err
	}
	sh.say("%s", public)
	return nil
}

// writeNew refuses to overwrite: a key that is gone opens nothing any more.
func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

type evidenceListCmd struct {
	Files []string `arg:"" optional:"" type:"path" help:"Sealed records, or folders of them; without any, this host's vault."`
}

// Run lists what anybody can read of the records: nothing of what they show.
func (c evidenceListCmd) Run(sh *shell) error {
	if len(c.Files) == 0 {
		set, err := sh.settings()
		if err != nil {
			return err
		}
		c.Files = []string{filepath.Join(set.Data, "vault")}
	}
	n := 0
	for _, path := range c.Files {
		err := filepath.WalkDir(path, func(file string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			h, _, err := sealing.Inspect(b)
			if err != nil {
				return nil // something else lies here
			}
			holders := []string{}
			for _, s := range h.Shares {
				holders = append(holders, s.Holder)
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			n++
			sh.say("%s  %s  %7d bytes  roster %d  %s", sealing.Name(b), info.ModTime().Format(time.RFC3339), len(b), h.Version, strings.Join(holders, ", "))
			sh.say("    %s", file)
			return nil
		})
		if err != nil {
			return err
		}
	}
	sh.say("%d sealed records", n)
	return nil
}

type evidenceShareCmd struct {
	Record string `arg:"" type:"existingfile" help:"The sealed record."`
	Key    string `required:"" type:"existingfile" help:"Your key file."`
	To     string `required:"" help:"The other officer's public key (age1…), or a file that holds it."`
	Out    string `short:"o" required:"" type:"path" help:"The share to write; only the other officer can read it."`
}

// Run takes the officer's share out and seals it to the other officer.
func (c evidenceShareCmd) Run(sh *shell) error {
	record, identities, err := recordAndKey(c.Record, c.Key)
	if err != nil {
		return err
	}
	share, holder, err := sealing.ShareOf(record, identities...)
	if err != nil {
		return err
	}
	to := c.To
	if b, err := os.ReadFile(c.To); err == nil {
		to = trimmed(b)
	}
	sealed, err := share.SealTo(to)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, sealed, 0o600); err != nil {
		return err
	}
	sh.say("share of %s written to %s", holder, c.Out)
	return nil
}

type evidenceOpenCmd struct {
	Record string   `arg:"" type:"existingfile" help:"The sealed record."`
	Key    []string `required:"" type:"existingfile" help:"Your key file. Twice where both officers sit at one machine."`
	Share  []string `type:"existingfile" help:"The share that the other officer sealed to you."`
	Out    string   `short:"o" default:"." type:"path" help:"Folder for the pictures and the manifest."`
}

// Run opens a record with two shares and writes what is inside.
func (c evidenceOpenCmd) Run(sh *shell) error {
	record, err := os.ReadFile(c.Record)
	if err != nil {
		return err
	}
	manifest, parts, err := openRecord(c.Record, record, c.Key, c.Share)
	if err != nil {
		return err
	}
	return writeRecord(sh, c.Out, manifest, parts)
}

// openRecord opens a record with the shares of keys that are here, and of those that
// another officer has sealed to one of them.
func openRecord(name string, record []byte, keys, handed []string) (m sealing.Manifest, parts []sealing.Part, err error) {
	var shares []sealing.Share
	var mine []age.Identity
	for _, key := range keys {
		_, identities, err := recordAndKey(name, key)
		if err != nil {
			return m, nil, err
		}
		mine = append(mine, identities...)
		share, _, err := sealing.ShareOf(record, identities...)
		if err != nil {
			return m, nil, fmt.Errorf("%s: %w", key, err)
		}
		shares = append(shares, share)
	}
	for _, file := range handed {
		b, err := os.ReadFile(file)
		if err != nil {
			return m, nil, err
		}
		share, err := sealing.OpenShare(b, mine...)
		if err != nil {
			return m, nil, fmt.Errorf("%s: %w", file, err)
		}
		shares = append(shares, share)
	}
	m, parts, err = sealing.Open(record, shares...)
	if err != nil {
		return m, nil, fmt.Errorf("two officers' shares are needed: %w", err)
	}
	return m, parts, nil
}

func writeRecord(sh *shell, dir string, m sealing.Manifest, parts []sealing.Part) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	files := map[string][]byte{"manifest.json": text}
	for _, p := range parts {
		files[filepath.Base(p.Name)] = p.Data
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return err
		}
	}
	sh.say("%s  %s  %s", m.At.Format(time.RFC3339), m.Kind, m.State)
	for _, p := range parts {
		sh.say("%s  %d bytes, by %s", filepath.Join(dir, filepath.Base(p.Name)), len(p.Data), p.Source)
	}
	return nil
}

func recordAndKey(record, key string) ([]byte, []age.Identity, error) {
	b, err := os.ReadFile(record)
	if err != nil {
		return nil, nil, err
	}
	k, err := os.ReadFile(key)
	if err != nil {
		return nil, nil, err
	}
	identities, err := sealing.ReadOfficerKey(k, passphrase())
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", key, err)
	}
	return b, identities, nil
}
