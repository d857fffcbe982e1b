package centre

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// TPM is a TPM 2.0 in software (swtpm) behind a Unix socket.
type TPM struct {
	Socket string
	p      *Process
}

// StartTPM starts one whose state lies in dir/tpm.
func StartTPM(ctx context.Context, dir string) (*TPM, error) {
	state := filepath.Join(dir, "tpm")
	if err := os.MkdirAll(state, 0o700); err != nil {
		return nil, err
	}
	// Unix socket paths are short: keep it in a folder of its own under the temporary one.
	short, err := os.MkdirTemp("", "sk-tpm-")
	if err != nil {
		return nil, err
	}
	t := &TPM{Socket: filepath.Join(short, "s")}
	t.p, err = Run(dir, "swtpm", nil, "swtpm", "socket", "--tpm2", "--tpmstate", "dir="+state,
		"--server", "type=unixio,path="+t.Socket, "--ctrl", "type=unixio,path="+t.Socket+".ctrl",
		"--flags", "not-need-init,startup-clear")
	if err != nil {
		return nil, err
	}
	return t, t.p.await(ctx, 10*time.Second, func() bool { _, err := os.Stat(t.Socket); return err == nil })
}

// Close ends it.
func (t *TPM) Close() {
	t.p.Kill()
	_ = os.RemoveAll(filepath.Dir(t.Socket)) // a socket left in the temporary folder harms nobody
}
