package devicekey

import (
	"context"
	"fmt"
)

// Create makes a new key and replaces the file of an old one. A copy of the old
// file would still work in this TPM: it is the server that revokes its certificate.
func Create(ctx context.Context, cfg Config) (Key, error) {
	switch kindOf(cfg) {
	case KindTPM:
		return createTPM(ctx, cfg)
	case KindSoftware:
		return createSoftware(cfg)
	}
	return nil, ErrOther.Because(fmt.Errorf("devicekey: no kind of key is called %q", cfg.Kind))
}

// Load opens the key that Create made here.
func Load(ctx context.Context, cfg Config) (Key, error) {
	f, err := readKeyFile(cfg)
	if err != nil {
		return nil, err
	}
	switch f.Kind {
	case KindTPM:
		return loadTPM(ctx, cfg, f)
	case KindSoftware:
		return loadSoftware(f)
	}
	return nil, ErrOther.Because(fmt.Errorf("devicekey: no kind of key is called %q", f.Kind))
}
