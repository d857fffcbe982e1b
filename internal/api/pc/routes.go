package pc

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
)

func (d *Door) routes() {
	d.mux.HandleFunc("GET "+prefix+"trust", func(w http.ResponseWriter, _ *http.Request) { answer(w, d.Trust.Trust()) })
	d.mux.HandleFunc("POST "+prefix+"attestations", d.challenge)
	d.mux.HandleFunc("POST "+prefix+"enrol", d.enrol)
	d.mux.HandleFunc("POST "+prefix+"enrolments/status", d.status)
	d.mux.HandleFunc("POST "+prefix+"pins", d.pin)
	d.mux.HandleFunc("POST "+prefix+"bindings/nonce", d.known(d.nonce))
	d.mux.HandleFunc("POST "+prefix+"connections", d.known(d.connect))
	d.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { d.problem(w, r, errNotFound) })
}

func (d *Door) challenge(w http.ResponseWriter, r *http.Request) {
	in, err := take[wire.AttestRequest](r)
	if err != nil {
		d.refuse(w, r, "", err)
		return
	}
	out, err := d.Devices.Challenge(r.Context(), in, source(r)) // leaves its own audit rows
	if err != nil {
		d.problem(w, r, err)
		return
	}
	answer(w, out)
}

func (d *Door) enrol(w http.ResponseWriter, r *http.Request) {
	in, err := take[wire.EnrolRequest](r)
	if err != nil {
		d.refuse(w, r, "", err)
		return
	}
	out, err := d.Devices.Enrol(r.Context(), in, source(r)) // leaves its own audit rows
	if err != nil {
		d.problem(w, r, err)
		return
	}
	answer(w, out)
}

func (d *Door) status(w http.ResponseWriter, r *http.Request) {
	in, err := take[wire.EnrolmentQuery](r)
	var out wire.EnrolmentStatus
	if err == nil {
		out, err = d.Devices.Status(r.Context(), in)
	}
	if err != nil {
		d.refuse(w, r, "", err)
		return
	}
	answer(w, out)
}

func (d *Door) pin(w http.ResponseWriter, r *http.Request) {
	in, err := take[wire.CheckpointPin](r)
	if err == nil {
		err = d.Checkpoints.Pin(r.Context(), []byte(in.Checkpoint))
	}
	var out wire.PinAnswer
	if err == nil {
		out.Steps, err = d.Checkpoints.Follow(r.Context(), []byte(in.Checkpoint))
	}
	if err != nil {
		d.refuse(w, r, "", err)
		return
	}
	answer(w, out)
}

// known lets a request pass only with the good certificate of an issued PC.
func (d *Door) known(next func(http.ResponseWriter, *http.Request, devices.Device)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if len(r.TLS.PeerCertificates) == 0 {
			d.refuse(w, r, "", errCertificate)
			return
		}
		pc, err := d.Devices.ByCertificate(r.Context(), r.TLS.PeerCertificates[0])
		if err != nil {
			d.refuse(w, r, pc.ID, err)
			return
		}
		if ok, _ := d.attempts.Take(string(pc.ID)); !ok {
			d.refuse(w, r, pc.ID, errBusy)
			return
		}
		next(w, r, pc)
	}
}

func (d *Door) nonce(w http.ResponseWriter, r *http.Request, pc devices.Device) {
	out, err := d.Devices.Nonce(r.Context(), pc.ID)
	if err != nil {
		d.refuse(w, r, pc.ID, err)
		return
	}
	answer(w, out)
}

func (d *Door) connect(w http.ResponseWriter, r *http.Request, pc devices.Device) {
	out, err := d.open(r, pc)
	if err != nil {
		d.refuse(w, r, pc.ID, err)
		return
	}
	answer(w, out)
}

// open binds, opens the tunnel, and looks at the PC once more.
func (d *Door) open(r *http.Request, pc devices.Device) (out wire.ConnectAnswer, err error) {
	ctx := r.Context()
	signed, err := take[wire.Signed](r)
	if err != nil {
		return wire.ConnectAnswer{}, err
	}
	exporter, err := r.TLS.ExportKeyingMaterial(devices.ExporterLabel, nil, devices.ExporterLength)
	if err != nil {
		return wire.ConnectAnswer{}, devices.ErrExporter.Because(err)
	}
	binding, err := d.Devices.Bind(ctx, pc.ID, signed, exporter)
	if err != nil {
		return wire.ConnectAnswer{}, err
	}
	if out, err = d.Tunnels.Open(ctx, binding); err != nil {
		return wire.ConnectAnswer{}, err
	}
	if err := d.Devices.Still(ctx, binding); err != nil {
		d.Tunnels.Close(out.Connection, sekisho.CodeOf(err))
		return wire.ConnectAnswer{}, err
	}
	out.Tier, out.Renewed, out.Checkpoint = binding.Tier, d.renewed(ctx, r, pc), d.head(ctx)
	return out, nil
}

// head is no condition for a connection: its audit row is already written.
func (d *Door) head(ctx context.Context) string {
	note, _, err := d.Checkpoints.Head(ctx)
	if err != nil {
		slog.ErrorContext(ctx, "no checkpoint to hand out", "error", err)
		return ""
	}
	return string(note)
}

// renewed is the PC's next certificate where its own nears its end. A failure
// is no reason to refuse a PC whose certificate is good for days: it is tried
// again at the next connection.
func (d *Door) renewed(ctx context.Context, r *http.Request, pc devices.Device) wire.Bytes {
	der, err := d.Devices.Renewed(ctx, pc.ID, r.TLS.PeerCertificates[0])
	if err != nil {
		slog.ErrorContext(ctx, "certificate not renewed", "device", pc.ID, "error", err)
		return nil
	}
	return der
}
