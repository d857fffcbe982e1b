package uplink

import (
	"context"
	"net/http"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// Look asks the agents' door for nothing but its roots, and tells what the
// server's clock showed then, to the second. roots are nil before the PC is
// enrolled: then the server is whoever answers there.
func Look(ctx context.Context, server string, roots *wire.TrustRoots) (clock time.Time, err error) {
	door, err := dialDoor(ctx, server, roots, nil)
	if err != nil {
		return clock, err
	}
	defer door.close()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+server+pcPrefix+"trust", nil)
	if err != nil {
		return clock, ErrState.Because(err)
	}
	res, err := door.client.Do(r)
	if err != nil {
		return clock, dialReason(err)
	}
	stamp := res.Header.Get("Date")
	var shown wire.TrustRoots
	if err := readAnswer(res, &shown); err != nil {
		return clock, err
	}
	if clock, err = http.ParseTime(stamp); err != nil {
		return clock, ErrAnswer.Because(err)
	}
	return clock, nil
}
