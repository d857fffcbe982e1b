package audit

import "context"

// Tick does once what Run does all the time, for tests with a clock of their own.
func (l *Log) Tick(ctx context.Context) error { return l.tick(ctx) }

// MaxQueued is how many closing acts wait in memory.
const MaxQueued = maxQueued
