package devicekey

import (
	"errors"

	"github.com/google/go-tpm/tpm2/transport"
	dll "github.com/google/go-tpm/tpmutil/tbs"
)

// openTPM reaches the TPM through the TPM Base Services. What is here is
// compiled, and has not been run on Windows; what it calls (tbs.go) is tested
// with recorded exchanges.
func openTPM(string) (transport.TPMCloser, error) { return openTBS(windows{}) }

type windows struct{}

func (windows) version() (uint32, error) {
	info, err := dll.GetDeviceInfo()
	if err != nil {
		return 0, coded(err)
	}
	return uint32(info.TPMVersion), nil
}

func (windows) context() (tbsContext, error) {
	c, err := dll.CreateContext(dll.TPMVersion20, dll.IncludeTPM20)
	if err != nil {
		return nil, coded(err)
	}
	return windowsContext{c}, nil
}

type windowsContext struct{ dll.Context }

func (c windowsContext) submit(command, response []byte) (int, error) {
	n, err := c.SubmitCommand(dll.NormalPriority, command, response)
	return int(n), coded(err)
}

// coded gives a TBS_RESULT its number. A tbs.dll that cannot be loaded has none:
// then there is no TPM to speak to.
func coded(err error) error {
	if err == nil {
		return nil
	}
	if code, ok := errors.AsType[dll.Error](err); ok {
		return tbsError(code)
	}
	return ErrNoTPM.Because(err)
}
