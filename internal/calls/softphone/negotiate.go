package softphone

import (
	"context"
	"errors"
	"net"
	"slices"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/webrtc/v4"

	"github.com/sekisho/sekisho/internal/calls"
)

// Times of ICE (RFC 8445): a browser asks for consent every 2.5 s or so.
const (
	disconnected = 5 * time.Second
	failed       = 15 * time.Second
	consent      = 2 * time.Second
	answering    = 5 * time.Second // from an offer to the whole answer
)

// reportsOnly are the interceptors of a line: sender and receiver reports.
func reportsOnly() (*interceptor.Registry, error) {
	r := &interceptor.Registry{}
	receiver, err1 := report.NewReceiverInterceptor()
	sender, err2 := report.NewSenderInterceptor()
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	r.Add(receiver)
	r.Add(sender)
	return r, nil
}

// codecs are all that a line speaks. The numbers are ours; an answer uses the
// offer's.
func codecs() (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	for pt, mime := range map[webrtc.PayloadType]string{0: webrtc.MimeTypePCMU, 8: webrtc.MimeTypePCMA, 101: mimeKeys} {
		err := m.RegisterCodec(webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mime, ClockRate: calls.Rate}, PayloadType: pt,
		}, webrtc.RTPCodecTypeAudio)
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

// api is WebRTC for one line: only the session's own address is a peer.
func (l *Line) api() (*webrtc.API, error) {
	m, err := codecs()
	if err != nil {
		return nil, err
	}
	e := webrtc.SettingEngine{LoggerFactory: quiet()}
	e.SetLite(true)
	e.SetICEUDPMux(l.room.mux)
	e.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	e.SetIncludeLoopbackCandidate(l.room.cfg.Address.Addr().IsLoopback())
	e.SetICETimeouts(disconnected, failed, consent)
	e.SetRemoteIPFilter(func(ip net.IP) bool { return ip.Equal(l.Session.Address.AsSlice()) })
	e.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	e.DisableActiveTCP(true)
	e.SetReceiveMTU(1500)
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(l.room.reports), webrtc.WithSettingEngine(e)), nil
}

// negotiate makes the connection and the answer. On an error nothing is left of it.
func (l *Line) negotiate(ctx context.Context, offer string) (answer string, err error) {
	defer func() {
		if p := recover(); p != nil {
			l.room.panics.Add(1)
			err = errOffer.Because(errors.New("softphone: an offer that made WebRTC stumble"))
		}
		if err != nil {
			l.abandon()
		}
	}()
	api, err := l.api()
	if err != nil {
		return "", errMedia.Because(err)
	}
	if l.pc, err = api.NewPeerConnection(webrtc.Configuration{}); err != nil {
		return "", errMedia.Because(err)
	}
	sender, err := l.pc.AddTrack(l.voice)
	if err != nil {
		return "", errMedia.Because(err)
	}
	l.pc.OnConnectionStateChange(l.changed)
	l.pc.OnTrack(l.track)
	if err := l.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", errOffer.Because(err)
	}
	made, err := l.pc.CreateAnswer(nil)
	if err != nil {
		return "", errOffer.Because(err)
	}
	gathered := webrtc.GatheringCompletePromise(l.pc)
	if err := l.pc.SetLocalDescription(made); err != nil {
		return "", errOffer.Because(err)
	}
	limit := time.NewTimer(answering)
	defer limit.Stop()
	select {
	case <-gathered:
	case <-limit.C:
		return "", errMedia
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if !slices.ContainsFunc(sender.GetParameters().Codecs, func(c webrtc.RTPCodecParameters) bool { return c.MimeType != mimeKeys }) {
		return "", errOffer.Because(errors.New("softphone: no G.711 in common"))
	}
	l.read(func() { l.report(sender.Read) })
	return l.pc.LocalDescription().SDP, nil
}

// abandon takes down what was begun and is not entered.
func (l *Line) abandon() {
	l.in.close()
	l.out.close()
	l.once.Do(func() { close(l.ended) }) // what it still says of itself tells nothing
	l.release()
}

// release ends the connection and waits for what reads from it.
func (l *Line) release() {
	l.readers.Lock()
	l.unread = true
	l.readers.Unlock()
	if l.pc != nil {
		_ = l.pc.GracefulClose() // over either way
	}
	l.reading.Wait()
}

// read starts a goroutine that reads from the connection until it ends; none once
// it is being released.
func (l *Line) read(fn func()) {
	l.readers.Lock()
	defer l.readers.Unlock()
	if !l.unread {
		l.reading.Go(fn)
	}
}

// changed takes the connection's own events.
func (l *Line) changed(state webrtc.PeerConnectionState) {
	l.linked.Store(state == webrtc.PeerConnectionStateConnected)
	switch state {
	case webrtc.PeerConnectionStateConnected:
		l.ever.Store(true)
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		l.end(calls.MediaLost, false)
	}
}

// track takes the microphone's track; a second one is not heard.
func (l *Line) track(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	if !l.heard.CompareAndSwap(false, true) {
		return
	}
	l.read(func() { l.hear(t) })
	l.read(func() { l.report(r.Read) })
}
