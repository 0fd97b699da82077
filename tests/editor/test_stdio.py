"""The packaged server over real pipes, asked by a client that others wrote: pytest-lsp."""

import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("REMIT", str(ROOT / "target/release/remit"))
PLAN = """plan "Our people" for QHM {
  framework  nhs-people-framework 2019
  horizon    2019/20 to 2023/24
  baseline   2018/19
  submitted  2019-09-27
}
"""
PAY = "responsibility pay-policy {\n  accountable  QHM\n}\n"




@pytest_lsp.fixture(config=ClientServerConfig(server_command=[BINARY, "lsp"]))
async def client(lsp_client: LanguageClient, tmp_path):
    (tmp_path / "plan.remit").write_text(PLAN)
    (tmp_path / "pay.remit").write_text(PAY)
    (tmp_path / "remit.yaml").write_text("as-of: 2019-10-01\n")
    lsp_client.folder = tmp_path
    folder = types.WorkspaceFolder(uri=tmp_path.as_uri(), name="plans")
    lsp_client.welcome = await lsp_client.initialize_session(
        types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=tmp_path.as_uri(), workspace_folders=[folder]))
    yield
    await lsp_client.shutdown_session()


def opened(client, name, text):
    uri = (client.folder / name).as_uri()
    client.text_document_did_open(types.DidOpenTextDocumentParams(
        text_document=types.TextDocumentItem(uri=uri, language_id="remit", version=1, text=text)))
    return uri


async def told(client, uri, wanted):
    """What is shown of a file, once it is as wanted."""
    for _ in range(600):
        shown = client.diagnostics.get(uri)
        if shown is not None and wanted(shown):
            return shown
        await asyncio.sleep(0.02)
    raise AssertionError(f"{uri}: {client.diagnostics.get(uri)}")


def rules(shown):
    return [one.code for one in shown]


@pytest.mark.asyncio
async def test_findings_are_pushed_and_pulled(client):
    uri = opened(client, "pay.remit", PAY)
    shown = await told(client, uri, lambda shown: "nhs-people-framework/pay-stays-national" in rules(shown))
    pay = next(one for one in shown if one.code == "nhs-people-framework/pay-stays-national")
    assert pay.range == types.Range(start=types.Position(line=1, character=15), end=types.Position(line=1, character=18))
    page = pathlib.Path(pay.code_description.href.removeprefix("file://"))
    assert page.read_text().startswith("# "), "the rule's page can be opened"
    report = await client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(text_document=types.TextDocumentIdentifier(uri=uri)))
    assert rules(report.items) == rules(shown)


@pytest.mark.asyncio
async def test_edits_are_followed_and_old_marks_go(client):
    uri = opened(client, "pay.remit", PAY)
    await told(client, uri, lambda shown: len(shown) > 0)
    text, version = PAY, 1
    for letter in "# é👩‍⚕️ a half-typed line { \"":
        version += 1
        change = types.TextDocumentContentChangePartial(
            range=types.Range(start=types.Position(line=3, character=0), end=types.Position(line=3, character=0)), text=letter)
        client.text_document_did_change(types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=uri, version=version), content_changes=[change]))
        text += letter
    version += 1
    client.text_document_did_change(types.DidChangeTextDocumentParams(
        text_document=types.VersionedTextDocumentIdentifier(uri=uri, version=version),
        content_changes=[types.TextDocumentContentChangeWholeDocument(text="")]))
    await told(client, uri, lambda shown: len(shown) == 0)


@pytest.mark.asyncio
async def test_blocks_fold(client):
    uri = opened(client, "pay.remit", PAY)
    folds = await client.text_document_folding_range_async(
        types.FoldingRangeParams(text_document=types.TextDocumentIdentifier(uri=uri)))
    assert [(fold.start_line, fold.end_line) for fold in folds] == [(0, 1)]
