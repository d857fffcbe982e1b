package grants

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// passkeyFor is how long a passkey shown on a connection may open a session of
// class approved: the supervisor has ten minutes to answer.
const passkeyFor = 15 * time.Minute

// kindApproved is the kind of approval that opens a session without a face.
const kindApproved = "approved_session"

// LoginNonce hands a connection its single-use login nonce. After another
// person, a spoof or a covered camera a strict policy adds a challenge.
func (b *Book) LoginNonce(ctx context.Context, id sekisho.ConnectionID) (wire.LoginNonce, error) {
	s, p, err := b.admit(ctx, id)
	if err != nil {
		// What a PC is like has its own row; here ends every other login that would be refused.
		if at := b.byConnection.get(id); at != nil && !strings.HasPrefix(sekisho.CodeOf(err), "posture.") {
			b.Audit.Afterwards(refusedRow(at.conn, err))
		}
		return wire.LoginNonce{}, err
	}
	if _, err := b.shift(ctx, s.conn.Person, p.Place); err != nil {
		return wire.LoginNonce{}, err
	}
	return b.Faces.Nonce(ctx, id, s.conn.Person, s.conn.Device, challenged(b.suspect.of(s.conn.Person), p))
}

// PasskeyShown notes that the connection's person has just used a passkey on it.
func (b *Book) PasskeyShown(id sekisho.ConnectionID, person sekisho.PersonID) error {
	s := b.byConnection.get(id)
	if s == nil || s.conn.Person != person {
		return errUnknown
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.passkey, s.shown = b.clk.Mono(), true
	return nil
}

// Open opens a session by exactly one signed statement. Its audit row has been
// committed when it returns, and whatever session the person had is over.
//
// A suspension or withdrawal ends what it finds. One that is committed while a
// session is on its way in finds nothing, so the session looks for it once it
// can be found itself: whichever comes second sees the other.
func (b *Book) Open(ctx context.Context, id sekisho.ConnectionID, open wire.OpenSession) (Session, error) {
	session, err := b.open(ctx, id, open)
	if err != nil {
		if s := b.byConnection.get(id); s != nil {
			b.Audit.Afterwards(refusedRow(s.conn, err))
		}
		return Session{}, fmt.Errorf("grants: open on %s: %w", id, err)
	}
	return session, nil
}

func (b *Book) open(ctx context.Context, id sekisho.ConnectionID, open wire.OpenSession) (Session, error) {
	s, p, err := b.admit(ctx, id)
	if err != nil {
		return Session{}, err
	}
	if err := b.Training.Ready(ctx, s.conn.Person, s.conn.Device, id); err != nil {
		return Session{}, err
	}
	ends, err := b.shift(ctx, s.conn.Person, p.Place)
	if err != nil {
		return Session{}, err
	}
	turn := &b.opening[b.byPerson.stripe(s.conn.Person)]
	turn.Lock()
	defer turn.Unlock()

	var way opening
	switch {
	case open.Face != nil && open.Approved == nil:
		way, err = b.byFace(ctx, s, p, *open.Face)
	case open.Approved != nil && open.Face == nil:
		way, err = b.byApproval(s, p, *open.Approved)
	default:
		err = errOpening
	}
	if err != nil {
		return Session{}, err
	}
	session := b.draft(s, p, way)
	session.ShiftEnds = ends
	if way.ruling, err = b.mayBegin(ctx, session); err != nil {
		return Session{}, err
	}
	if err := b.commit(ctx, session, way); err != nil {
		return Session{}, err
	}
	if session, err = b.install(s, session, way.known); err != nil {
		return Session{}, err
	}
	if err := b.still(ctx, session); err != nil {
		b.End(session.ID, sekisho.Unknown, sekisho.CodeOf(err))
		return Session{}, err
	}
	return session, nil
}

// still asks again what may have changed since the session began to open: the
// policies, too, since what they were told of (a permit, the first PC) may have
// ended meanwhile. An error is a refusal here, too.
func (b *Book) still(ctx context.Context, s Session) error {
	if err := b.Posture.Holds(s.Connection); err != nil {
		return err
	}
	if _, err := b.mayGoOn(ctx, s); err != nil {
		return err
	}
	if _, err := b.shift(ctx, s.Person, s.Policy.Place); err != nil {
		return err
	}
	if err := b.maySit(ctx, s.Person, s.Device); err != nil {
		return err
	}
	if err := b.People.MayWork(ctx, s.Person); err != nil || s.Class != sekisho.ClassFace {
		return err
	}
	ok, err := b.Faces.Consented(ctx, s.Person)
	if err == nil && !ok {
		err = errConsent
	}
	return err
}

// maySit is nil while a person may sit at a PC. Seats that nobody handed in refuse.
func (b *Book) maySit(ctx context.Context, p sekisho.PersonID, d sekisho.DeviceID) error {
	if b.Seats == nil {
		return errUnknown
	}
	return b.Seats.MaySit(ctx, p, d)
}

// opening is what a statement proved.
type opening struct {
	class    sekisho.LeaseClass
	camera   bool
	approval sekisho.ApprovalID
	ruling   Ruling    // what the policies said
	known    suspicion // what it answers by its challenge, if one was asked
}

// admit says whether anything may open on a connection at all.
func (b *Book) admit(ctx context.Context, id sekisho.ConnectionID) (*seat, wire.GuardPolicy, error) {
	s := b.byConnection.get(id)
	if s == nil {
		return nil, wire.GuardPolicy{}, errUnknown
	}
	if err := b.People.MayWork(ctx, s.conn.Person); err != nil {
		return nil, wire.GuardPolicy{}, err
	}
	if err := b.maySit(ctx, s.conn.Person, s.conn.Device); err != nil {
		return nil, wire.GuardPolicy{}, err
	}
	p, err := b.Policies.Get(ctx, s.conn.Policy)
	if err != nil {
		return nil, wire.GuardPolicy{}, err
	}
	if s.conn.Tier == sekisho.TierC && !p.AllowSoftware {
		return nil, wire.GuardPolicy{}, errSoftwareKey
	}
	if err := b.Posture.Admit(ctx, reporter(s.conn, p)); err != nil {
		return nil, wire.GuardPolicy{}, err
	}
	return s, p, nil
}

func (b *Book) byFace(ctx context.Context, s *seat, p wire.GuardPolicy, signed wire.Signed) (opening, error) {
	var st wire.FaceStatement
	if err := signed.OpenLease(s.conn.LeaseKey, wire.DomainFace, &st); err != nil {
		return opening{}, errStatement.Because(err)
	}
	if st.Connection != s.conn.ID || st.Person != s.conn.Person {
		return opening{}, errStatement
	}
	known := b.suspect.of(s.conn.Person)
	if challenged(known, p) && st.Challenge == "" {
		return opening{}, errChallenge
	}
	if err := b.Faces.Judge(ctx, st); err != nil {
		return opening{}, err
	}
	return opening{class: sekisho.ClassFace, camera: true, known: known}, nil
}

func (b *Book) byApproval(s *seat, p wire.GuardPolicy, signed wire.Signed) (opening, error) {
	var st wire.ApprovedStatement
	if err := signed.OpenLease(s.conn.LeaseKey, wire.DomainApprove, &st); err != nil {
		return opening{}, errStatement.Because(err)
	}
	if st.Connection != s.conn.ID || st.Person != s.conn.Person || st.Approval == "" {
		return opening{}, errStatement
	}
	if !st.Camera && p.ConfirmEvery <= 0 {
		return opening{}, errCamera
	}
	if err := b.Faces.Spend(s.conn.ID, s.conn.Person, st.Nonce); err != nil {
		return opening{}, err
	}
	s.mu.Lock()
	shown := s.shown && b.clk.Mono() < s.passkey+passkeyFor
	s.shown = false // used, whatever comes of it
	s.mu.Unlock()
	if !shown {
		return opening{}, errPasskey
	}
	return opening{class: sekisho.ClassApproved, camera: st.Camera, approval: st.Approval}, nil
}

func (b *Book) draft(s *seat, p wire.GuardPolicy, way opening) Session {
	session := Session{
		ID: sekisho.SessionID(wire.NewID()), Connection: s.conn.ID, Device: s.conn.Device, Person: s.conn.Person,
		Address: s.conn.Address, Class: way.class, Camera: way.camera, Tier: s.conn.Tier, Policy: p, Opened: b.clk.Now(),
	}
	if way.class == sekisho.ClassApproved {
		end := session.Opened.Add(approvedTotal)
		session.Expires = &end
	}
	return session
}

// commit writes what must stand before anything opens.
func (b *Book) commit(ctx context.Context, session Session, way opening) error {
	return b.db.Write(ctx, func(tx storage.Tx) error {
		if way.class == sekisho.ClassApproved {
			if err := b.Approvals.Use(ctx, tx, way.approval, kindApproved, session.Person, session.Device); err != nil {
				return err
			}
		} else if err := clearSuspect(ctx, tx, session.Person); err != nil {
			return err
		}
		if err := b.Audit.Append(ctx, tx, loginRow(session, way)); err != nil {
			return err
		}
		if err := b.Training.Confirm(ctx, tx, session.Person, session.Device, session.Connection, session.ID, session.Class); err != nil {
			return err
		}
		if err := b.Ties.Bind(ctx, tx, session.Person, session.Device, session.ID); err != nil {
			return err
		}
		return b.Audit.Append(ctx, tx, openedRow(session, way))
	})
}

// install makes the session live. The person's other session ends first: the newest wins.
func (b *Book) install(s *seat, session Session, known suspicion) (Session, error) {
	b.EndPerson(session.Person, "session.newer")
	s.mu.Lock()
	if s.gone {
		s.mu.Unlock()
		now := b.clk.Mono()
		b.Audit.Afterwards(endedRow(Ended{Session: session, Reason: "connection.closed", VerdictAt: now, EndedAt: now}))
		return Session{}, errUnknown
	}
	session.Epoch = b.epochs.Add(1)
	s.session, s.live, s.reached = session, true, nil
	s.lease = NewLease(Terms{
		Class: session.Class, Camera: session.Camera,
		Absent:  time.Duration(session.Policy.AbsentMS) * time.Millisecond,
		Confirm: time.Duration(session.Policy.ConfirmEvery) * time.Second,
	}, b.clk.Mono())
	s.answer = [117]byte{}
	s.note(PhaseLive, sekisho.Present, "", b.clk.Now())
	b.bySession.set(session.ID, s)
	b.byPerson.set(session.Person, s)
	if session.Class == sekisho.ClassFace {
		b.suspect.clear(session.Person, known)
	}
	s.publish()
	s.mu.Unlock()
	for _, fn := range listeners(b, &b.onOpen) {
		fn(session)
	}
	b.changed(s)
	return session, nil
}

var (
	errConnection  = sekisho.Fail(sekisho.KindInvalid, "connection.invalid")
	errUnknown     = sekisho.Fail(sekisho.KindDenied, "connection.unknown")
	errSoftwareKey = sekisho.Fail(sekisho.KindDenied, "connection.software_key")
	errOpening     = sekisho.Fail(sekisho.KindInvalid, "session.one_statement")
	errStatement   = sekisho.Fail(sekisho.KindDenied, "session.statement")
	errChallenge   = sekisho.Fail(sekisho.KindDenied, "session.challenge")
	errCamera      = sekisho.Fail(sekisho.KindDenied, "session.camera_required")
	errConsent     = sekisho.Fail(sekisho.KindDenied, "consent.withdrawn")
	errPasskey     = sekisho.Fail(sekisho.KindDenied, "session.passkey_required")
)
