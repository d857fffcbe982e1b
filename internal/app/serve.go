package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/api/desk"
	"github.com/sekisho/sekisho/internal/api/pc"
	"github.com/sekisho/sekisho/internal/calls/softphone"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/road/flows"
	"github.com/sekisho/sekisho/internal/road/tunnels"
	"github.com/sekisho/sekisho/internal/wire"
)

// Server is the house with its doors open.
type Server struct {
	*House
	Addresses Addresses
	flows     *flows.Flows
	conns     *connections
	desk      *desk.Door
	console   *console.Door
	changes   *changes
	phones    *softphone.Softphones

	mu     sync.Mutex
	failed error
	wait   sync.WaitGroup
	stop   context.CancelFunc
}

// Addresses is what a running server tells of itself in DATA/addresses.json.
type Addresses struct {
	ConsoleOrigin string `json:"console_origin"`
	Agents        string `json:"agents"`
	WireGuard     string `json:"wireguard"`
	SIP           string `json:"sip"` // over UDP; "" where none is taken
}

// Open builds the house and opens every door. The server runs until ctx ends or
// a part of it fails; Wait then returns.
func Open(ctx context.Context, s Settings, clk clock.Clock) (*Server, error) {
	release, err := lockData(s.Data)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	srv := &Server{stop: stop, changes: newChanges()}
	if err := srv.open(ctx, s, clk); err != nil {
		stop()
		srv.wait.Wait()
		if srv.House != nil {
			err = errors.Join(err, srv.Close())
		}
		release()
		return nil, err
	}
	srv.closers = append([]func() error{func() error { release(); return nil }}, srv.closers...)
	return srv, nil
}

func (s *Server) open(ctx context.Context, set Settings, clk clock.Clock) (err error) {
	agents, err := listen(ctx, set.Agents.Listen)
	if err != nil {
		return fmt.Errorf("app: agents' door: %w", err)
	}
	console, err := listen(ctx, set.Console.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("app: console's door: %w", err), agents.Close())
	}
	set.Agents.Public = public(set.Agents.Public, agents.Addr(), "127.0.0.1")
	if set.Console.Origin == "" {
		_, port, _ := net.SplitHostPort(console.Addr().String()) // a listener's own address
		set.Console.Origin = "http://console.localhost:" + port
	}
	if s.House, err = Build(ctx, set, clk); err != nil {
		return errors.Join(err, agents.Close(), console.Close())
	}
	if err := s.openRoad(); err != nil {
		return errors.Join(err, agents.Close(), console.Close())
	}
	if err := s.openCalls(); err != nil {
		return errors.Join(err, agents.Close(), console.Close())
	}
	s.listeners()
	if err := s.openDoors(ctx, agents, console); err != nil {
		return err
	}
	s.Addresses = Addresses{ConsoleOrigin: set.Console.Origin, Agents: set.Agents.Public, WireGuard: s.flows.Endpoint(), SIP: s.sip(ctx)}
	return s.writeAddresses()
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	return (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
}

// openRoad starts WireGuard and the gate in its stack.
func (s *Server) openRoad() (err error) {
	s.flows, err = flows.New(flows.Config{Tunnels: tunnels.Config{
		Listen: s.settings.WireGuard.Listen, Public: s.settings.WireGuard.Public, Log: slog.Default(),
	}}, s.clock, s.book, s.log)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, s.flows.Close)
	s.conns = &connections{
		book: s.book, flows: s.flows, clock: s.clock, current: map[sekisho.DeviceID]sekisho.ConnectionID{},
		ended: func(id sekisho.ConnectionID) { s.desk.Forget(id); s.posture.Forget(id) },
	}
	return nil
}

// listeners join what must close together. The book calls them in this order,
// synchronously, the moment a session ends: flows first.
func (s *Server) listeners() {
	s.book.OnEnd(func(e grants.Ended) {
		s.flows.CloseSession(flows.Session{
			ID: e.ID, Connection: e.Connection, Device: e.Device, Person: e.Person, Address: e.Address, Epoch: e.Epoch,
		}, e.Reason)
		s.exchange.LeaseEnded(e.ID, e.Person, e.State)
		s.changes.tell(e.Person, "session.ended", map[string]string{"reason": e.Reason})
	})
	s.devices.OnClosed(s.conns.CloseDevice)
	s.devices.OnClosed(s.forgetFaces)
	s.people.OnPerson(func(p operators.Person) {
		if !p.Works() {
			s.book.EndPerson(p.ID, closedBecause(p))
		}
	})
	s.faces.OnWithdrawn(func(p sekisho.PersonID) { s.book.EndPerson(p, "consent.withdrawn") })
	s.book.OnNarrow(func(p sekisho.PersonID, _ sekisho.DesktopID) { s.book.EndPerson(p, "desktop.withdrawn") })
	s.peopleListeners()
	s.inventoryListeners()
	s.sharedListeners()
	s.witnessListeners()
	s.shiftListeners()
	s.readinessListeners()
	s.consoleListeners()
}

// forgetFaces deletes what is kept of faces on a PC that was returned or
// revoked: its templates are gone with it.
func (s *Server) forgetFaces(d sekisho.DeviceID, _ string) {
	s.wait.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		device, err := s.devices.Get(ctx, d)
		if err == nil && device.State != devices.Returned && device.State != devices.Revoked {
			return
		}
		if err = errors.Join(err, s.faces.ForgetDevice(ctx, "", d)); err != nil {
			slog.ErrorContext(ctx, "faces of a closed PC are still kept", "device", d, "error", err)
		}
	})
}

// openDoors starts everything that answers.
func (s *Server) openDoors(ctx context.Context, agents, listener net.Listener) error {
	if err := s.makeConsole(); err != nil {
		return errors.Join(err, agents.Close(), listener.Close())
	}
	s.homeListener()
	s.desk = desk.New(desk.Districts{
		Gate: deskGate{s.House, s.flows, s.console.Serves}, Faces: deskFaces{s.House}, Posture: deskPosture{s.House, s.changes}, Guard: deskGuard{s.House}, Training: deskTraining{s.House}, Room: deskRoom{s.House}, Practice: deskPractice{s.House}, Shared: deskShared{s.House}, Witness: deskWitness{s.House}, Telephone: deskPhone{s.House, s.phones},
		Road: deskRoad{s.House, s.flows}, Console: deskConsole{s.House, s.flows, s.console}, Changes: s.changes, Clock: s.clock, Log: s.log,
	})
	inside, err := s.flows.Listen(80)
	if err != nil {
		return errors.Join(err, agents.Close(), listener.Close())
	}
	leases, err := s.flows.PacketConn(wire.LeasePort)
	if err != nil {
		return errors.Join(err, agents.Close(), listener.Close())
	}
	pcDoor := pc.New(pc.Deps{Clock: s.clock, Devices: s.devices, Trust: s.trust, Tunnels: s.conns, Checkpoints: s.log, Networks: s.networks, Log: s.log})
	s.run(ctx, "agents' door", func(ctx context.Context) error { return pcDoor.Serve(ctx, agents, s.certs.ServerTLS()) })
	s.run(ctx, "desk door", func(ctx context.Context) error { return serveHTTP(ctx, inside, s.desk.Server()) })
	s.run(ctx, "lease protocol", func(ctx context.Context) error { return s.presence.Serve(ctx, leases) })
	s.run(ctx, "audit log", s.log.Run)
	s.run(ctx, "posture", s.recheckPosture)
	s.run(ctx, "siem", s.siem.Run)
	s.run(ctx, "witnesses", s.witnesses.Run)
	s.run(ctx, "reminders", s.reminders.Run)
	s.run(ctx, "tidying", s.tidy)
	s.run(ctx, "contracts", s.contracts)
	s.run(ctx, "tidying by day", s.tidyDaily)
	s.run(ctx, "policies again", s.rejudgeOften)
	s.run(ctx, "shifts", s.endShifts)
	s.run(ctx, "disaster's end", s.disasterEnds)
	s.openTrunks(ctx)
	if err := s.openConsole(ctx, listener); err != nil {
		return err
	}
	stop, err := serveHost(ctx, s.settings.Data, s.hostActs())
	if err != nil {
		return err
	}
	s.closers = append(s.closers, func() error { stop(); return nil })
	go s.watchLog(ctx)
	return nil
}

// serveHTTP serves until ctx ends; sockets that were taken over end with their flows.
func serveHTTP(ctx context.Context, l net.Listener, srv *http.Server) error {
	stopped := context.AfterFunc(ctx, func() { _ = srv.Close() }) // ending either way
	defer stopped()
	err := srv.Serve(l)
	if errors.Is(err, http.ErrServerClosed) && ctx.Err() != nil {
		return nil
	}
	return err
}

// run starts a part of the server. A part that fails takes the whole with it:
// half a gate is worse than a closed one.
func (s *Server) run(ctx context.Context, name string, part func(context.Context) error) {
	s.wait.Go(func() {
		err := part(ctx)
		if ctx.Err() != nil {
			return
		}
		s.mu.Lock()
		s.failed = errors.Join(s.failed, fmt.Errorf("app: %s: %w", name, cmpErr(err)))
		s.mu.Unlock()
		s.stop()
	})
}

func cmpErr(err error) error {
	if err == nil {
		return errors.New("ended by itself")
	}
	return err
}

// watchLog stops the server when the log refuses to go on.
func (s *Server) watchLog(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-s.log.Stopped():
		s.mu.Lock()
		s.failed = errors.Join(s.failed, errStopped)
		s.mu.Unlock()
		s.stop()
	}
}

// tidy does what is due now and then; what it cannot do it says, and tries again.
func (s *Server) tidy(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		for name, act := range map[string]func() error{
			"connections": s.conns.tidy,
			"evidence":    func() error { _, err := s.evidence.Purge(ctx); return err },
			"passwords":   func() error { return s.secrets.Tidy(ctx) },
			"photographs": func() error { _, err := s.readiness.Purge(ctx); return err },
		} {
			if err := act(); err != nil {
				slog.ErrorContext(ctx, "tidying failed", "what", name, "error", err)
			}
		}
	}
}

func (s *Server) writeAddresses() error {
	b, err := json.Marshal(s.Addresses)
	if err != nil {
		return err
	}
	tmp := s.path("addresses.json.tmp")
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, s.path("addresses.json"))
}

// Wait returns when the server has ended: nil if it was asked to.
func (s *Server) Wait(ctx context.Context) error {
	s.wait.Wait()
	s.book.EndAll("server.stopping")
	s.wait.Wait() // for what the ends set off
	s.mu.Lock()
	failed := s.failed
	s.mu.Unlock()
	_ = os.Remove(s.path("addresses.json")) // nobody answers there any more
	return errors.Join(failed, s.Close())
}

// Stop asks the server to end.
func (s *Server) Stop() { s.stop() }
