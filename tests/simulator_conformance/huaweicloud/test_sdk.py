# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendor's own SDK as a client."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from .cloud import CHANGE, DEARER, KG1, START, Cloud

# The SDK reads the time with a function that is deprecated in newer Pythons.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:huaweicloudsdkcore.*")


class Sdk:
    """The SDK's client of a simulator, and the names for the tests."""

    def __init__(self, cloud: Cloud, sdk: SimpleNamespace, keys: Any) -> None:
        self.v1: Any = sdk.v1
        self.errors: Any = sdk.errors
        builder = sdk.v1.CphClient.new_builder().with_credentials(keys)
        self.client: Any = builder.with_endpoint(cloud.url).build()

    def change(self, server_id: str, target: tuple[str, str], auto_pay: int = 1) -> Any:
        v1 = self.v1
        body = v1.ChangeCloudPhoneServerModelRequestBody(
            server_id=server_id,
            server_model_name=target[0],
            phone_model_name=target[1],
            extend_param=v1.ChangeCloudPhoneServerModelRequestBodyExtendParam(is_auto_pay=auto_pay),
        )
        return self.client.change_cloud_phone_server_model(
            v1.ChangeCloudPhoneServerModelRequest(body=body)
        )

    def show(self, server_id: str) -> Any:
        return self.client.show_cloud_phone_server_detail(
            self.v1.ShowCloudPhoneServerDetailRequest(server_id=server_id)
        )


@pytest.fixture(params=["permanent", "temporary"])
def keys(cloud: Cloud, sdk: SimpleNamespace, request: pytest.FixtureRequest) -> Any:
    """Return credentials of both kinds."""
    account = cloud.account
    if request.param == "permanent":
        return sdk.BasicCredentials(account.access_key, account.secret_key, account.project_id)
    return sdk.BasicCredentials(
        account.temporary_access_key, account.temporary_secret_key, account.project_id
    ).with_security_token(account.security_token)


@pytest.fixture
def official(cloud: Cloud, sdk: SimpleNamespace, keys: Any) -> Sdk:
    return Sdk(cloud, sdk, keys)


@pytest.fixture
def permanent(cloud: Cloud, sdk: SimpleNamespace) -> Sdk:
    account = cloud.account
    return Sdk(
        cloud,
        sdk,
        sdk.BasicCredentials(account.access_key, account.secret_key, account.project_id),
    )


def test_the_list_of_servers(cloud: Cloud, official: Sdk) -> None:
    v1, client = official.v1, official.client
    answer = client.list_cloud_phone_servers(v1.ListCloudPhoneServersRequest(limit=100))
    expected = cloud.get("/servers")["servers"]
    assert answer.count == len(answer.servers) == 50
    for shown, row in zip(answer.servers, expected, strict=True):
        plain = shown.to_dict()
        assert set(plain) == set(row)
        nested = ("addresses", "metadata")
        assert {k: v for k, v in plain.items() if k not in nested} == {
            k: v for k, v in row.items() if k not in nested
        }
        assert shown.metadata.to_dict() == row["metadata"]
        assert [a.server_ip for a in shown.addresses] == [a["server_ip"] for a in row["addresses"]]
    fuzzy = v1.ListCloudPhoneServersRequest(server_name="farm-5", status=5, offset=0, limit=100)
    assert [s.server_name for s in client.list_cloud_phone_servers(fuzzy).servers] == ["farm-50"]


@pytest.mark.parametrize(
    ("operation", "request_class", "path", "rows"),
    [
        (
            "list_cloud_phone_server_models",
            "ListCloudPhoneServerModelsRequest",
            "/server-models",
            "server_models",
        ),
        ("list_cloud_phone_models", "ListCloudPhoneModelsRequest", "/phone-models", "phone_models"),
        ("list_cloud_phones", "ListCloudPhonesRequest", "/phones", "phones"),
    ],
)
def test_lists(
    cloud: Cloud, official: Sdk, operation: str, request_class: str, path: str, rows: str
) -> None:
    request = getattr(official.v1, request_class)(limit=3)
    answer = getattr(official.client, operation)(request)
    expected = cloud.get(path, limit=3)[rows]
    shown = [row.to_dict() for row in getattr(answer, rows)]
    assert [
        {key: row[key] for key in e} for row, e in zip(shown, expected, strict=True)
    ] == expected


def test_the_detail(cloud: Cloud, official: Sdk) -> None:
    shown = official.show(cloud.id_of(4))
    expected = cloud.get(f"/servers/{cloud.id_of(4)}")
    assert (shown.server_model_name, shown.status) == (expected["server_model_name"], 5)
    assert shown.band_widths[0].band_width_size == 300
    assert shown.metadata.charging_mode == 0
    assert set(expected) == set(shown.attribute_map.values())


def test_a_flavor_change(cloud: Cloud, official: Sdk) -> None:
    server_id = cloud.id_of(1)
    answer = official.change(server_id, DEARER)
    assert answer.order_id.startswith("CS")
    assert answer.product_id
    assert answer.error_code is None
    seen = [official.show(server_id) for dummy in range(4)]
    flavors = [(s.server_model_name, s.phone_model_name) for s in seen]
    assert flavors == [START] * 3 + [DEARER]


def test_a_refusal_in_a_200_is_silent_for_the_sdk(cloud: Cloud, permanent: Sdk) -> None:
    answer = permanent.change(cloud.id_of(1), START)
    assert (answer.order_id, answer.error_code) == (None, "CPS.0062")


def test_an_error(cloud: Cloud, official: Sdk) -> None:
    with pytest.raises(official.errors.ClientRequestException) as caught:
        official.change(cloud.id_of(1), (KG1, "kg1.cp.c6.d10.e1v1"))
    error = caught.value
    assert (error.status_code, error.error_code) == (400, "CPS.0089")
    assert len(error.request_id) == 32
    with pytest.raises(official.errors.ClientRequestException) as caught:
        official.show("0" * 32)
    assert (caught.value.status_code, caught.value.error_code) == (404, "CPS.0015")


def test_a_restart_and_its_jobs(cloud: Cloud, official: Sdk) -> None:
    v1, client = official.v1, official.client
    body = v1.RestartCloudPhoneServerRequestBody(server_ids=[cloud.id_of(1), "0" * 32])
    answer = client.restart_cloud_phone_server(v1.RestartCloudPhoneServerRequest(body=body))
    started, refused = answer.jobs
    assert (refused.job_id, refused.error_code) == (None, "CPS.0097")
    job = client.show_job(v1.ShowJobRequest(job_id=started.job_id))
    assert (job.server_id, job.status) == (cloud.id_of(1), 1)
    jobs = client.list_jobs(v1.ListJobsRequest(request_id=answer.request_id)).jobs
    assert [row.status for row in jobs] == [2]


def test_rename_offerings_and_tags(cloud: Cloud, official: Sdk) -> None:
    v1, client, server_id = official.v1, official.client, cloud.id_of(1)
    client.update_server_name(
        v1.UpdateServerNameRequest(
            server_id=server_id, body=v1.UpdateServerNameRequestBody(server_name="é new")
        )
    )
    assert official.show(server_id).server_name == "é new"
    offerings = client.list_cloud_phone_server_model_offerings(
        v1.ListCloudPhoneServerModelOfferingsRequest(limit=5)
    )
    assert (offerings.count, len(offerings.models)) == (12, 5)
    assert offerings.page_info.next_marker
    body = v1.BatchCreateTagsRequestBody(action="create", tags=[v1.Tag(key="a", value="b")])
    where = {"resource_type": "cph-server", "resource_id": server_id}
    client.batch_create_tags(v1.BatchCreateTagsRequest(**where, body=body))
    tags = client.list_resource_tags(v1.ListResourceTagsRequest(**where)).tags
    assert {tag.key: tag.value for tag in tags} == {"team": "play", "a": "b"}


def test_wrong_keys_lock_the_access_key(cloud: Cloud, sdk: SimpleNamespace, permanent: Sdk) -> None:
    account = cloud.account
    wrong = sdk.BasicCredentials(account.access_key, "wrong", account.project_id)
    stranger = Sdk(cloud, sdk, wrong)
    for dummy in range(6):
        with pytest.raises(sdk.errors.ClientRequestException) as caught:
            stranger.show(cloud.id_of(1))
        assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0301")
        assert "verify aksk signature fail" in caught.value.error_msg
    with pytest.raises(sdk.errors.ClientRequestException) as caught:
        permanent.show(cloud.id_of(1))
    assert "forbidden" in caught.value.error_msg
    cloud.control.advance(300)
    assert permanent.show(cloud.id_of(1)).status == 5


def test_throttling_keeps_the_body_of_a_post(cloud: Cloud, permanent: Sdk) -> None:
    body = {"error_code": "APIGW.0308", "error_msg": "threshold", "request_id": "0" * 32}
    cloud.control.fault("status", operation=CHANGE, status=429, body=body)
    with pytest.raises(permanent.errors.ClientRequestException) as caught:
        permanent.change(cloud.id_of(1), DEARER)
    assert caught.value.error_code == "APIGW.0308"
    assert cloud.control.counters()["applied"] == 0


def test_a_token_in_place_of_a_signature(cloud: Cloud, sdk: SimpleNamespace) -> None:
    """The SDK does not support tokens, but a preset header can add one (huaweicloud_cph 1.4)."""
    client = Sdk(cloud, sdk, sdk.BasicCredentials("x", "y", cloud.account.project_id))
    client.client.preset_headers = {"X-Auth-Token": cloud.account.token, "Authorization": ""}
    assert client.show(cloud.id_of(1)).status == 5
