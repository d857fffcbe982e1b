package console

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/devices"
)

type newDevice struct {
	Body struct {
		AssetTag string             `json:"asset_tag" minLength:"1" maxLength:"64"`
		Model    string             `json:"model" maxLength:"128"`
		Place    sekisho.Place      `json:"place" enum:"home,office"`
		Person   sekisho.PersonID   `json:"person" maxLength:"64"`
		Policy   sekisho.PolicyName `json:"policy" minLength:"1" maxLength:"32"`
	}
}

type newCode struct {
	ByID
	Body struct {
		Handover string `json:"handover" enum:"in_person,sent" doc:"in_person: whoever makes it hands the PC over with it, which confirms the receipt; sent: it opens nothing before the receipt is confirmed"`
	}
}

type deviceApproval struct {
	ByID
	Body struct {
		Fingerprint string `json:"fingerprint" minLength:"1" maxLength:"256" doc:"as both screens show it"`
	}
}

// deviceEnd is an act that closes; its reason goes into the log.
type deviceEnd struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (d *Door) deviceRoutes(api huma.API) {
	add(api, "GET /devices", "The inventory of PCs", d.listDevices)
	add(api, "POST /devices", "Take a PC into the inventory", d.registerDevice)
	add(api, "GET /devices/{id}", "One PC", d.getDevice)
	add(api, "POST /devices/{id}/code", "Make an enrolment code; it is shown once", d.deviceCode)
	add(api, "POST /devices/{id}/approve", "Issue a pending PC after comparing fingerprints", d.approveDevice)
	add(api, "POST /devices/{id}/refuse", "Send a pending PC away", d.endDevice(Devices.Refuse))
	add(api, "POST /devices/{id}/suspend", "Stop an issued PC until it is resumed", d.endDevice(Devices.Suspend))
	add(api, "POST /devices/{id}/resume", "Let a suspended PC connect again", d.endDevice(Devices.Resume))
	add(api, "POST /devices/{id}/return", "Take a PC back for good", d.endDevice(Devices.Return))
	add(api, "POST /devices/{id}/revoke", "End a PC's trust for good", d.endDevice(Devices.Revoke))
}

func (d *Door) getDevice(ctx context.Context, in *ByID) (*answer[DeviceView], error) {
	one, err := d.devices.Get(ctx, sekisho.DeviceID(in.ID))
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	if err != nil {
		return nil, err
	}
	view := deviceView(ctx, one, names)
	view.Pool, err = d.poolOf(ctx, one.ID)
	return reply(view, err)
}

func (d *Door) registerDevice(ctx context.Context, in *newDevice) (*answer[DeviceView], error) {
	one, err := d.devices.Register(ctx, actor(ctx, administrator), devices.Asset{
		Tag: in.Body.AssetTag, Model: in.Body.Model, Place: in.Body.Place, Person: in.Body.Person, Policy: in.Body.Policy,
	})
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return reply(deviceView(ctx, one, names), err)
}

func (d *Door) deviceCode(ctx context.Context, in *newCode) (*answer[EnrolmentCodeView], error) {
	id, how := sekisho.DeviceID(in.ID), devices.Sent
	if in.Body.Handover == string(devices.InPerson) {
		how = devices.InPerson
	}
	code, err := d.devices.Code(ctx, actor(ctx, administrator), id, d.agents, how)
	if err != nil {
		return nil, err
	}
	one, err := d.devices.Get(ctx, id)
	return reply(EnrolmentCodeView{Code: code.String(), Until: moment(one.CodeUntil), Held: one.CodeHeld}, err)
}

func (d *Door) approveDevice(ctx context.Context, in *deviceApproval) (*done, error) {
	return &done{}, d.devices.Approve(ctx, actor(ctx, administrator), sekisho.DeviceID(in.ID), in.Body.Fingerprint)
}

func (d *Door) endDevice(end func(Devices, context.Context, audit.Actor, sekisho.DeviceID, string) error) func(context.Context, *deviceEnd) (*done, error) {
	return func(ctx context.Context, in *deviceEnd) (*done, error) {
		return &done{}, end(d.devices, ctx, actor(ctx, administrator), sekisho.DeviceID(in.ID), in.Body.Reason)
	}
}

func deviceView(ctx context.Context, d devices.Device, names map[sekisho.PersonID]string) DeviceView {
	return DeviceView{
		ID: d.ID, AssetTag: d.Tag, Model: d.Model, Place: d.Place, Policy: d.Policy, Person: d.Person, PersonName: names[d.Person],
		State: string(d.State), Since: moment(d.Since), Reason: d.Reason, Tier: d.Tier, KeyKind: d.KeyKind, Fingerprint: d.Fingerprint,
		Hostname: d.Hostname, Platform: d.Platform, Agent: d.Agent, Registered: moment(d.Registered), CodeUntil: moment(d.CodeUntil), CodeHeld: d.CodeHeld,
		Ground: d.Ground, EK: d.EK, Trouble: d.Trouble, TroubleText: reasonText(ctx, d.Trouble), TroubleAt: moment(d.TroubleAt),
	}
}
