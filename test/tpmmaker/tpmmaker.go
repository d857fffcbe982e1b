// Package tpmmaker plays the maker of TPMs: swtpm with an endorsement key that the
// maker's own authority has certified.
package tpmmaker

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Maker is a maker of TPMs: its own authority, with which it certifies the
// endorsement key of each TPM that it makes (swtpm_setup, swtpm_localca).
type Maker struct{ dir string }

// New founds one in dir.
func New(dir string) (*Maker, error) {
	m := &Maker{dir: dir}
	if err := os.MkdirAll(m.path("ca"), 0o700); err != nil {
		return nil, err
	}
	for name, text := range map[string]string{
		"localca.conf":    fmt.Sprintf("statedir = %[1]s\nsigningkey = %[1]s/signkey.pem\nissuercert = %[1]s/issuercert.pem\ncertserial = %[1]s/certserial\n", m.path("ca")),
		"localca.options": "--platform-manufacturer Invented\n--platform-version 1.0\n--platform-model Demo\n",
		"setup.conf": fmt.Sprintf("create_certs_tool = %s\ncreate_certs_tool_config = %s\ncreate_certs_tool_options = %s\nactive_pcr_banks = sha256\n",
			"/usr/bin/swtpm_localca", m.path("localca.conf"), m.path("localca.options")),
	} {
		if err := os.WriteFile(m.path(name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *Maker) path(name string) string { return filepath.Join(m.dir, name) }

// Make makes a TPM whose state lies in dir/tpm, for swtpm to start from.
func (m *Maker) Make(ctx context.Context, dir string) error {
	state := filepath.Join(dir, "tpm")
	if err := os.MkdirAll(state, 0o700); err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "swtpm_setup", "--tpm2", "--tpmstate", state, "--create-ek-cert", "--config", m.path("setup.conf"), "--overwrite").CombinedOutput()
	if err != nil {
		return fmt.Errorf("swtpm_setup: %w: %s", err, out)
	}
	return nil
}

// Authority is the certificate (PEM) that signs the endorsement keys' certificates.
// It exists once a TPM was made.
func (m *Maker) Authority() ([]byte, error) { return os.ReadFile(m.path("ca/issuercert.pem")) }
