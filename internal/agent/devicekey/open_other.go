//go:build !linux && !windows

package devicekey

import (
	"errors"

	"github.com/google/go-tpm/tpm2/transport"
)

func openTPM(string) (transport.TPMCloser, error) {
	return nil, ErrNoTPM.Because(errors.New("devicekey: no TPM support on this system"))
}
