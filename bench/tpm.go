package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
)

// Promises beside the TPM's own time, which differs from chip to chip by a
// factor of a hundred and is not ours.
const (
	boundEnrolTPMMS   = 2000
	boundConnectTPMMS = 300
)

// TPM measures what a PC with a TPM waits for beside the TPM itself: enrolling
// (keys, challenge, activation, certification, request) and connecting (mutual
// TLS, binding, first handshake of the tunnel), with the agent's own code, a
// server process and swtpm. The TPM's own time is taken in the same run, at a
// relay before its socket. SEKISHO_BENCH_TPM_RUNS sets how often a PC enrols (as
// often as a p90 needs); each then connects three times.
func TPM(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sk-bench-tpm-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c, err := centre.Start(ctx, centre.Options{Dir: filepath.Join(dir, "centre")})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	chip, err := centre.StartTPM(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer chip.Close()
	relay, err := relayTPM(chip.Socket, filepath.Join(dir, "t"))
	if err != nil {
		return nil, err
	}
	defer relay.close()
	p := &proving{centre: c, relay: relay, dir: dir}
	if p.admin, err = c.As(ctx, "admin"); err != nil {
		return nil, err
	}
	for i := range runs("SEKISHO_BENCH_TPM_RUNS", runsFor(0.9)) {
		if err := p.pace(ctx, i); err != nil {
			return nil, err
		}
		if err := p.once(ctx, i); err != nil {
			return nil, fmt.Errorf("bench: run %d: %w", i+1, err)
		}
	}
	labels := func() map[string]string { return map[string]string{"key": "TPM 2.0 (swtpm)"} }
	out = []Result{
		promised("enrol_beside_tpm_ms", "ms", p.enrol, 0.9, boundEnrolTPMMS, labels()),
		found("enrol_tpm_own_ms", "ms", p.enrolOwn, 0.5, labels()),
		promised("connect_beside_tpm_ms", "ms", p.connect, 0.95, boundConnectTPMMS, labels()),
		found("connect_tpm_own_ms", "ms", p.connectOwn, 0.5, labels()),
	}
	logf("enrolling: %.0f ms beside %.0f ms of the TPM; connecting: %.0f ms beside %.0f ms", out[0].Value, out[1].Value, out[2].Value, out[3].Value)
	return out, nil
}

// proving is one TPM that becomes one PC after the other.
type proving struct {
	centre *centre.Centre
	admin  *centre.Console
	relay  *tpmRelay
	dir    string

	enrol, enrolOwn, connect, connectOwn []float64 // ms
}

// pace keeps to what the server takes from one source: 30 enrolments at once,
// then one every two seconds (gate/devices). It lies outside of what is timed.
func (p *proving) pace(ctx context.Context, i int) error {
	if i < 25 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2100 * time.Millisecond):
		return nil
	}
}

// timed runs fn and says how long it took beside the TPM, and the TPM itself, in ms.
func (p *proving) timed(fn func() error) (beside, own float64, err error) {
	before, began := p.relay.spent.Load(), time.Now()
	err = fn()
	all, tpm := time.Since(began), time.Duration(p.relay.spent.Load()-before)
	return float64(all-tpm) / 1e6, float64(tpm) / 1e6, err
}

func (p *proving) once(ctx context.Context, i int) error {
	id, code, err := p.register(ctx, i)
	if err != nil {
		return err
	}
	state := filepath.Join(p.dir, fmt.Sprintf("pc-%d", i))
	var key devicekey.Key
	var e uplink.Enrolment
	beside, own, err := p.timed(func() (err error) {
		roots, err := uplink.FetchTrust(ctx, code)
		if err != nil {
			return err
		}
		if key, err = devicekey.Create(ctx, devicekey.Config{Dir: state, Device: "unix:" + p.relay.socket}); err != nil {
			return err
		}
		e, err = uplink.Enrol(ctx, code, roots, key)
		return err
	})
	if key != nil {
		defer key.Close()
	}
	if err != nil {
		return err
	}
	p.enrol, p.enrolOwn = append(p.enrol, beside), append(p.enrolOwn, own)
	if err := p.admin.Post(ctx, "devices/"+id+"/approve", map[string]string{"fingerprint": e.Fingerprint}, nil); err != nil {
		return err
	}
	if e, err = uplink.Poll(ctx, state, e, key); err != nil {
		return err
	}
	for range 3 {
		if e, err = p.connectOnce(ctx, state, e, key); err != nil {
			return err
		}
	}
	return p.admin.Post(ctx, "devices/"+id+"/return", map[string]string{"reason": "bench: measured"}, nil) // gives the TPM free
}

func (p *proving) register(ctx context.Context, i int) (id string, code wire.EnrolmentCode, err error) {
	var device struct {
		ID string `json:"id"`
	}
	var person string
	for _, person = range p.centre.Seeded.People {
		break
	}
	err = p.admin.Post(ctx, "devices", map[string]any{
		"asset_tag": fmt.Sprintf("TPM-%03d", i), "model": "bench", "place": "home", "person": person, "policy": "home",
	}, &device)
	if err != nil {
		return "", code, err
	}
	var made struct {
		Code string `json:"code"`
	}
	if err := p.admin.Post(ctx, "devices/"+device.ID+"/code", map[string]any{"handover": "in_person"}, &made); err != nil {
		return "", code, err
	}
	code, err = wire.ParseEnrolmentCode(made.Code)
	return device.ID, code, err
}

func (p *proving) connectOnce(ctx context.Context, state string, e uplink.Enrolment, key devicekey.Key) (next uplink.Enrolment, err error) {
	var c *uplink.Connection
	beside, own, err := p.timed(func() (err error) {
		c, next, err = uplink.Connect(ctx, e, uplink.Options{Dir: state, BootID: wire.NewID(), Key: key, Clock: wallClock{time.Now()}, Tunnel: uplink.NewTunnel})
		return err
	})
	if err != nil {
		return next, err
	}
	p.connect, p.connectOwn = append(p.connect, beside), append(p.connectOwn, own)
	return next, c.Close()
}

// wallClock is the agent's clock.
type wallClock struct{ began time.Time }

func (c wallClock) Mono() time.Duration { return time.Since(c.began) + time.Hour }
func (c wallClock) Now() time.Time      { return time.Now() }

// tpmRelay stands before a TPM's socket and adds up how long the TPM takes.
type tpmRelay struct {
	socket   string
	upstream string
	listener net.Listener
	spent    atomic.Int64 // ns
}

func relayTPM(upstream, socket string) (*tpmRelay, error) {
	l, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	r := &tpmRelay{socket: socket, upstream: upstream, listener: l}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // closed
			}
			r.serve(conn) // a TPM serves one at a time
		}
	}()
	return r, nil
}

func (r *tpmRelay) close() { _ = r.listener.Close() }

func (r *tpmRelay) serve(conn net.Conn) {
	defer conn.Close()
	tpm, err := net.Dial("unix", r.upstream)
	if err != nil {
		return // the key finds nobody at the other end
	}
	defer tpm.Close()
	for {
		command, err := tpmMessage(conn)
		if err != nil {
			return
		}
		began := time.Now()
		if _, err := tpm.Write(command); err != nil {
			return
		}
		answer, err := tpmMessage(tpm)
		r.spent.Add(int64(time.Since(began)))
		if err != nil {
			return
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

// tpmMessage reads one command or response: its length stands at offset 2.
func tpmMessage(from io.Reader) ([]byte, error) {
	head := make([]byte, 10)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[2:])
	if n < 10 || n > 4096 {
		return nil, fmt.Errorf("bench: a TPM's message of %d bytes", n)
	}
	message := append(head, make([]byte, n-10)...)
	_, err := io.ReadFull(from, message[10:])
	return message, err
}
