package devicekey

import (
	"github.com/google/go-tpm/tpm2/transport"
	"github.com/google/go-tpm/tpm2/transport/windowstpm"
)

// openTPM reaches the TPM through the TPM Base Services. It is compiled, and
// has not been run on Windows.
func openTPM(string) (transport.TPMCloser, error) {
	t, err := windowstpm.Open()
	if err != nil {
		return nil, ErrNoTPM.Because(err)
	}
	return t, nil
}
