package desk

import (
	"context"

	"github.com/sekisho/sekisho/internal/wire"
)

// roomer takes every self-check.
type roomer struct{}

func (roomer) Own(context.Context, Caller) (c wire.RoomCheck, err error) { return c, nil }
func (roomer) Answer(context.Context, Caller, wire.RoomAnswers) error    { return nil }
