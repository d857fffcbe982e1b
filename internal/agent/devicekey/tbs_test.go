package devicekey

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"sync"
	"testing"
	"testing/cryptotest"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// testdata/tbs.json holds the raw commands and responses of making a key,
// proving it and signing with it, as they pass through Tbsip_Submit_Command. They
// were recorded from swtpm on Linux, a real TPM 2.0 in software, and NOT on
// Windows: what TBS itself adds (virtual handles, blocked commands) is not in them.
// `go test ./internal/agent/devicekey -run TestRecordedEnrolmentOverTBS -record` makes them anew.
var record = flag.Bool("record", false, "record testdata/tbs.json from swtpm")

const recording = "testdata/tbs.json"

type exchange struct {
	Command  wire.Bytes `json:"command"`
	Response wire.Bytes `json:"response"`
}

type recorded struct {
	From        string               `json:"from"`
	Challenge   wire.AttestChallenge `json:"challenge"`
	Attestation wire.Attestation     `json:"attestation"`
	Exchanges   []exchange           `json:"exchanges"`
}

var tbsDigest = sha256.Sum256([]byte("what a binding hashes to"))

// taping is TBS in front of a real TPM; it keeps what passes.
type taping struct {
	transport.TPMCloser
	tape *[]exchange
}

func (taping) version() (uint32, error)       { return tbsTPM20, nil }
func (p taping) context() (tbsContext, error) { return p, nil }
func (p taping) submit(command, response []byte) (int, error) {
	got, err := p.Send(command)
	if err != nil {
		return 0, err
	}
	*p.tape = append(*p.tape, exchange{bytes.Clone(command), bytes.Clone(got)})
	return copy(response, got), nil
}

// recordTBS makes the recording anew.
func recordTBS(t *testing.T) {
	t.Helper()
	server, out := theServer(t), recorded{From: "swtpm on Linux, not Windows"}
	device := startEmulator(t).config(t.TempDir())
	k, err := createOn(t.Context(), device, func() (transport.TPMCloser, error) {
		conn, err := openTPM(device.Device)
		if err != nil {
			return nil, err
		}
		return openTBS(taping{conn, &out.Exchanges})
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := k.Prove(t.Context(), func(ctx context.Context, r wire.AttestRequest) (c wire.AttestChallenge, err error) {
		out.Challenge, err = server.Challenge(ctx, "holder", r)
		cryptotest.SetGlobalRandom(t, nonces)
		return out.Challenge, err
	})
	if err != nil {
		t.Fatal(err)
	}
	out.Attestation = *a
	if _, err := k.Sign(rand.Reader, tbsDigest[:], crypto.SHA256); err != nil {
		t.Fatal(err)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recording, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// playing is TBS that answers from the recording: a command that is not the next
// one is an error. Faults are said once, before the exchange whose number they have.
type playing struct {
	mu        sync.Mutex
	left      []exchange
	done      int
	contexts  int
	faults    map[int]error
	responses map[int][]byte // in place of the recorded ones
	deviceErr error
	contextEr error
	tpm       uint32
}

func (p *playing) version() (uint32, error) { return p.tpm, p.deviceErr }
func (p *playing) Close() error             { return nil }
func (p *playing) context() (tbsContext, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.contexts++
	err := p.contextEr
	if p.contextEr = nil; err != nil {
		return nil, err
	}
	return p, nil
}

// nonces seeds those of our side of the TPM's session, so that they are what was
// recorded: the TPM's answer is authenticated over them.
const nonces = 27

func (p *playing) submit(command, response []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err, found := p.faults[p.done]; found {
		delete(p.faults, p.done)
		return 0, err
	}
	if len(p.left) == 0 {
		return 0, fmt.Errorf("a command after the last one: %x", command)
	}
	next := p.left[0]
	if !bytes.Equal(command, next.Command) {
		return 0, fmt.Errorf("command %d is %x, recorded was %x", p.done, command, next.Command)
	}
	answer := []byte(next.Response)
	if other, found := p.responses[p.done]; found {
		delete(p.responses, p.done)
		return copy(response, other), nil
	}
	p.left, p.done = p.left[1:], p.done+1
	return copy(response, answer), nil
}

func load(t *testing.T) (recorded, *playing) {
	t.Helper()
	text, err := os.ReadFile(recording)
	if err != nil {
		t.Fatal(err)
	}
	var out recorded
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out, &playing{left: out.Exchanges, faults: map[int]error{}, responses: map[int][]byte{}, tpm: tbsTPM20}
}

// through makes, proves and signs on a TBS that plays.
func through(t *testing.T, r recorded, p *playing) error {
	t.Helper()
	k, err := createOn(t.Context(), Config{Dir: t.TempDir(), Kind: KindTPM}, func() (transport.TPMCloser, error) { return openTBS(p) })
	if err != nil {
		return err
	}
	defer k.Close()
	a, err := k.Prove(t.Context(), func(context.Context, wire.AttestRequest) (wire.AttestChallenge, error) {
		cryptotest.SetGlobalRandom(t, nonces)
		return r.Challenge, nil
	})
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(*a, r.Attestation) {
		t.Errorf("the proof is %+v", a)
	}
	sig, err := k.Sign(rand.Reader, tbsDigest[:], crypto.SHA256)
	if err != nil {
		return err
	}
	if !ecdsa.VerifyASN1(k.Public().(*ecdsa.PublicKey), tbsDigest[:], sig) {
		t.Error("the signature is not the key's")
	}
	return k.Close()
}

// With -record it makes the recording first, and plays that.
func TestRecordedEnrolmentOverTBS(t *testing.T) {
	if *record {
		t.Run("record", recordTBS)
	}
	r, p := load(t)
	if err := through(t, r, p); err != nil || len(p.left) != 0 || p.contexts != 1 {
		t.Fatalf("%v; %d exchanges were left, %d contexts", err, len(p.left), p.contexts)
	}
}

// What says "not now" is asked again, at every exchange, and the act as a whole
// comes out the same: the first act repeats nothing that was answered.
func TestTBSIsAskedAgainWhereItSaysNotNow(t *testing.T) {
	for _, code := range []tbsError{tbsCanceled, tbsStartPending, tbsTooManyResources} {
		r, p := load(t)
		p.faults[0] = code
		if err := through(t, r, p); err != nil {
			t.Errorf("0x%X: %v", uint32(code), err)
		}
	}
	r, p := load(t)
	p.contextEr = tbsTooManyContexts
	if err := through(t, r, p); err != nil {
		t.Error(err)
	}
	r, p = load(t)
	p.responses[0] = []byte{0x80, 0x01, 0, 0, 0, 10, 0, 0, 0x09, 0x22} // TPM_RC_RETRY
	if err := through(t, r, p); err != nil {
		t.Error(err)
	}
}

func TestWhatTBSSaysHasAReason(t *testing.T) {
	lockout := binary.BigEndian.AppendUint32([]byte{0x80, 0x01, 0, 0, 0, 10}, uint32(tpm2.TPMRCLockout))
	for name, c := range map[string]struct {
		change func(*playing)
		want   *sekisho.Error
	}{
		"no TPM":               {func(p *playing) { p.deviceErr = tbsNotFound }, ErrNoTPM},
		"disabled":             {func(p *playing) { p.deviceErr = tbsDisabled }, ErrNoTPM},
		"TPM 1.2":              {func(p *playing) { p.tpm = 1 }, ErrNoTPM},
		"service not running":  {func(p *playing) { p.contextEr = tbsNotRunning }, ErrNoTPM},
		"not allowed":          {func(p *playing) { p.contextEr = tbsAccessDenied }, ErrDenied},
		"taken away":           {func(p *playing) { p.faults[1] = tbsNotFound }, ErrNoTPM},
		"input or output":      {func(p *playing) { p.faults[1] = tbsIOError }, ErrTPM},
		"lockout":              {func(p *playing) { p.responses[1] = lockout }, ErrLockout},
		"cut short":            {func(p *playing) { p.responses[0] = []byte{0x80, 0x01, 0} }, ErrTPM},
		"longer than it says":  {func(p *playing) { p.responses[0] = append([]byte{0x80, 0x01, 0, 0, 0, 10}, make([]byte, 20)...) }, ErrTPM},
		"shorter than it says": {func(p *playing) { p.responses[0] = []byte{0x80, 0x01, 0, 0, 1, 0, 0, 0, 0, 0} }, ErrTPM},
		"nothing":              {func(p *playing) { p.responses[0] = nil }, ErrTPM},
	} {
		r, p := load(t)
		c.change(p)
		if err := through(t, r, p); sekisho.CodeOf(err) != c.want.Code {
			t.Errorf("%s: %v, want %s", name, err, c.want.Code)
		}
	}
}

// A context that Windows voided (sleep, a driver that began anew) is left, and
// the next act opens one and loads its key again.
func TestAContextThatBecameVoidIsOpenedAnew(t *testing.T) {
	_, p := load(t)
	dir := t.TempDir()
	k, err := createOn(t.Context(), Config{Dir: dir, Kind: KindTPM}, func() (transport.TPMCloser, error) { return openTBS(p) })
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	p.mu.Lock()
	p.faults[p.done] = tbsInvalidContext
	p.mu.Unlock()
	if _, err := k.Sign(rand.Reader, tbsDigest[:], crypto.SHA256); sekisho.CodeOf(err) != ErrTPM.Code {
		t.Fatalf("%v", err)
	}
	// The recording goes on with the proof; what matters is that a context was opened.
	_, _ = k.Sign(rand.Reader, tbsDigest[:], crypto.SHA256)
	if p.contexts != 2 {
		t.Errorf("%d contexts", p.contexts)
	}
}
