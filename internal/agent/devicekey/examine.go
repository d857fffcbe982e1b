package devicekey

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
)

// Facts are what a TPM says of itself before anything is made in it.
type Facts struct {
	Family      string   // "2.0"
	Maker       string   // as the TCG registers it: "IFX", "INTC", "AMD"
	Firmware    string   // major.minor.build.revision
	Missing     []string // of what the agent needs: algorithms and curves
	Lockout     bool     // it refuses authorisations after too many wrong ones
	Failures    uint32   // wrong authorisations that count now
	MaxFailures uint32
	EK          string // SHA-256 of the endorsement key's PKIX DER, hex: how a list names it
	Certificate bool   // it keeps a certificate for it
}

// needed are the algorithms of the device's key, its parent and its proof.
var needed = map[string]tpm2.TPMAlgID{"ECC": tpm2.TPMAlgECC, "ECDSA": tpm2.TPMAlgECDSA, "SHA-256": tpm2.TPMAlgSHA256, "AES": tpm2.TPMAlgAES, "CFB": tpm2.TPMAlgCFB}

// Examine asks the TPM that is configured. It makes and changes nothing in it.
// Where the endorsement key cannot be had, the other facts are still given.
func Examine(ctx context.Context, cfg Config) (f Facts, err error) {
	w := newWorker(func() (transport.TPMCloser, error) { return openTPM(cfg.Device) })
	defer w.close()
	if err := w.do(ctx, callLimit, func(t transport.TPM, _ int) (err error) {
		f, err = ownWords(t)
		return err
	}); err != nil {
		return Facts{}, err
	}
	err = w.do(ctx, slowLimit, func(t transport.TPM, _ int) error {
		e, err := openEndorsement(t)
		if err != nil {
			return err
		}
		defer e.close(t)
		sum := sha256.Sum256(e.public)
		f.EK, f.Certificate = hex.EncodeToString(sum[:]), e.certificate != nil
		return nil
	})
	return f, err
}

func ownWords(t transport.TPM) (f Facts, err error) {
	fixed, err := properties(t, tpm2.TPMPTFamilyIndicator)
	if err != nil {
		return f, err
	}
	variable, err := properties(t, tpm2.TPMPTPermanent)
	if err != nil {
		return f, err
	}
	f.Family, f.Maker = letters(fixed[tpm2.TPMPTFamilyIndicator]), letters(fixed[tpm2.TPMPTManufacturer])
	high, low := fixed[tpm2.TPMPTFirmwareVersion1], fixed[tpm2.TPMPTFirmwareVersion2]
	f.Firmware = fmt.Sprintf("%d.%d.%d.%d", high>>16, high&0xffff, low>>16, low&0xffff)
	f.Lockout = variable[tpm2.TPMPTPermanent]&(1<<9) != 0 // TPMA_PERMANENT.inLockout
	f.Failures, f.MaxFailures = variable[tpm2.TPMPTLockoutCounter], variable[tpm2.TPMPTMaxAuthFail]
	f.Missing, err = missing(t)
	return f, err
}

// properties reads a group of the TPM's properties, from its first on.
func properties(t transport.TPM, from tpm2.TPMPT) (map[tpm2.TPMPT]uint32, error) {
	rsp, err := tpm2.GetCapability{Capability: tpm2.TPMCapTPMProperties, Property: uint32(from), PropertyCount: 64}.Execute(t)
	if err != nil {
		return nil, fmt.Errorf("devicekey: properties: %w", err)
	}
	list, err := rsp.CapabilityData.Data.TPMProperties()
	if err != nil {
		return nil, err
	}
	out := map[tpm2.TPMPT]uint32{}
	for _, p := range list.TPMProperty {
		out[p.Property] = p.Value
	}
	return out, nil
}

func missing(t transport.TPM) (out []string, err error) {
	rsp, err := tpm2.GetCapability{Capability: tpm2.TPMCapAlgs, Property: 0, PropertyCount: 256}.Execute(t)
	if err != nil {
		return nil, fmt.Errorf("devicekey: algorithms: %w", err)
	}
	algorithms, err := rsp.CapabilityData.Data.Algorithms()
	if err != nil {
		return nil, err
	}
	for name, id := range needed {
		if !slices.ContainsFunc(algorithms.AlgProperties, func(a tpm2.TPMSAlgProperty) bool { return a.Alg == id }) {
			out = append(out, name)
		}
	}
	rsp, err = tpm2.GetCapability{Capability: tpm2.TPMCapECCCurves, Property: 0, PropertyCount: 64}.Execute(t)
	if err != nil {
		return nil, fmt.Errorf("devicekey: curves: %w", err)
	}
	curves, err := rsp.CapabilityData.Data.ECCCurves()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(curves.ECCCurves, tpm2.TPMECCNistP256) {
		out = append(out, "P-256")
	}
	slices.Sort(out)
	return out, nil
}

// letters reads four characters that a TPM keeps in a number.
func letters(n uint32) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, string(binary.BigEndian.AppendUint32(nil, n))))
}
