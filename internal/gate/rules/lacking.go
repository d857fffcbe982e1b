package rules

// lacking says of a refusal by the centre's own policies which fact about the
// PC would have made the difference, so that whoever is refused learns what to
// do. It changes no decision: it asks the same policies as if the fact stood.
func (s *Set) lacking(q Question, a Answer) Answer {
	if a.Allow || q.Action == Manage || (a.Code != errForbidden.Code && a.Code != errNoPermit.Code) {
		return a
	}
	permitted, first, both := q, q, q
	permitted.Seat.Permit, both.Seat.Permit = true, true
	first.Seat.First, both.Seat.First = true, true
	would := func(q Question) bool { return s.Authorize(q.entities(), q.Request()).Allow }
	switch {
	case !q.Seat.Permit && would(permitted):
		a.Code = errPermit.Code
	case !q.Seat.First && would(first):
		a.Code = errOtherPC.Code
	case !q.Seat.Permit && !q.Seat.First && would(both):
		a.Code = errOtherPC.Code // with a permit he would still sit at the wrong PC
	}
	return a
}
