package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// roadSize is how much is measured; the test of this file measures less.
type roadSize struct {
	rounds int           // fresh tunnels for each
	round  time.Duration // of measuring, after a third as long of warming up
	delays []time.Duration
	idle   int // peers that do nothing
	seats  int // sessions that close together
	closes int // closes of one busy flow
}

var roadFull = roadSize{rounds: 5, round: 2 * time.Second, delays: []time.Duration{0, 50 * time.Millisecond}, idle: 1000, seats: 1000, closes: 200}

// Road measures the way from the PC to the gateway: one TCP stream through the
// gate and both ends' tunnels, beside WireGuard with its stock netstack and
// OpenVPN in the same minutes; what an idle peer costs; how fast things close.
func Road(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	return roadFull.all(ctx, logf)
}

func (s roadSize) all(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	out, err := s.throughput(ctx, logf)
	if err != nil {
		return out, err
	}
	for _, part := range []func(context.Context, func(string, ...any)) ([]Result, error){s.peers, s.closing, s.closeAll} {
		more, err := part(ctx, logf)
		out = append(out, more...)
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// path is one tunnel with a TCP connection through it.
type path struct {
	gateway, pc net.Conn
	close       func()
}

// contestant makes a fresh tunnel whose datagrams take delay there and back.
type contestant struct {
	name string
	make func(ctx context.Context, delay time.Duration) (path, error)
}

var directions = []string{"to the PC", "from the PC"}

func (s roadSize) throughput(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	field := []contestant{{"sekisho", ourPath}, {"wireguard-go netstack", stockPath}}
	vpn, err := newOpenVPN()
	absent := ""
	if err != nil {
		if err := needed(err); err != nil {
			return nil, fmt.Errorf("bench: OpenVPN: %w", err)
		}
		absent = err.Error()
		logf("OpenVPN is not measured: %s", absent)
	} else {
		defer vpn.close()
		field = append(field, contestant{"OpenVPN", vpn.path})
	}
	for _, delay := range s.delays {
		got := map[string][2][]float64{}
		for range s.rounds { // in turns, so that all meet the same machine
			for _, c := range field {
				p, err := c.make(ctx, delay)
				if err != nil {
					return out, fmt.Errorf("bench: %s: %w", c.name, err)
				}
				v := got[c.name]
				for i, ends := range [][2]net.Conn{{p.gateway, p.pc}, {p.pc, p.gateway}} {
					mbps, err := stream(ends[0], ends[1], s.round)
					if err != nil {
						p.close()
						return out, fmt.Errorf("bench: %s %s: %w", c.name, directions[i], err)
					}
					v[i] = append(v[i], mbps)
				}
				got[c.name] = v
				p.close()
			}
		}
		for i, d := range directions {
			labels := map[string]string{"round_trip_ms": strconv.Itoa(int(delay / time.Millisecond)), "direction": d}
			if absent != "" {
				labels["OpenVPN_not_measured"] = absent
			}
			r := spread("tunnel_mbps", labels, "Mbit/s", "higher", got["sekisho"][i])
			for _, c := range field[1:] {
				v := median(got[c.name][i])
				r.Peers = append(r.Peers, Peer{Name: c.name, Value: v, Ratio: r.Value / v})
			}
			out = append(out, r)
			logf("tunnel %s at %v: %.0f Mbit/s %v", d, delay, r.Value, r.Peers)
		}
	}
	return out, nil
}

// stream pours bytes from one end and counts them at the other.
func stream(from, to net.Conn, round time.Duration) (mbps float64, err error) {
	stop := make(chan struct{})
	poured := make(chan struct{})
	go func() {
		defer close(poured)
		b := make([]byte, 64<<10)
		for {
			select {
			case <-stop:
				return
			default:
			}
			_ = from.SetWriteDeadline(time.Now().Add(time.Second))
			if _, err := from.Write(b); err != nil && !timedOut(err) {
				return
			}
		}
	}()
	b := make([]byte, 256<<10)
	read := func(until time.Time) (n int64, err error) {
		_ = to.SetReadDeadline(until)
		for time.Now().Before(until) {
			k, err := to.Read(b)
			n += int64(k)
			if timedOut(err) {
				break
			}
			if err != nil {
				return n, err
			}
		}
		return n, nil
	}
	if _, err = read(time.Now().Add(round / 2)); err == nil {
		var n int64
		start := time.Now()
		n, err = read(start.Add(round))
		mbps = float64(n) * 8 / time.Since(start).Seconds() / 1e6
	}
	close(stop)
	for drained := false; !drained; { // so that the next direction starts on an empty line
		select {
		case <-poured:
			drained = true
		default:
			_, _ = read(time.Now().Add(50 * time.Millisecond))
		}
	}
	if err == nil {
		_, err = read(time.Now().Add(300 * time.Millisecond))
	}
	return mbps, errors.Join(err, to.SetReadDeadline(time.Time{}), from.SetWriteDeadline(time.Time{}))
}

func timedOut(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}
