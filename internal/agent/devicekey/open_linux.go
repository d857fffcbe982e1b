package devicekey

import (
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/google/go-tpm/tpm2/transport"
)

// resourceManager shares the TPM between programs; /dev/tpm0 would not.
const resourceManager = "/dev/tpmrm0"

func openTPM(device string) (transport.TPMCloser, error) {
	network, address, emulator := strings.Cut(device, ":")
	if emulator && (network == "unix" || network == "tcp") {
		conn, err := net.Dial(network, address)
		if err != nil {
			return nil, fmt.Errorf("devicekey: TPM emulator: %w", err)
		}
		return stream{conn}, nil
	}
	if device == "" {
		device = resourceManager
	}
	info, err := os.Stat(device)
	if err != nil {
		return nil, fmt.Errorf("devicekey: TPM: %w", err)
	}
	if info.Mode()&os.ModeSocket != 0 {
		return openTPM("unix:" + device)
	}
	if info.Mode()&os.ModeCharDevice == 0 {
		return nil, ErrNoTPM.Because(fmt.Errorf("devicekey: %s is not a device", device))
	}
	d, err := openCharDevice(device)
	if err != nil {
		return nil, fmt.Errorf("devicekey: TPM: %w", err)
	}
	return d, nil
}
