"""The mail server of the tests: aiosmtpd with faults on demand.

    peer.py FOLDER [--tls implicit|starttls --certificate FILE --key FILE] [--user U --password P]

Prints its port, then reads orders from standard input, one JSON object a line, each answered with a line of JSON; it ends
with its input. A message that was taken is FOLDER/<n>.eml beside its envelope FOLDER/<n>.json; every byte that came in
clear is added to FOLDER/clear. Orders:

    {"rules": [...]}        replaces all rules and lets go of whoever hangs
    {"listening": false}    ends every connection and refuses new ones, until true
    {}                      only asks for the counts

A rule is {"at": PHASE, "do": DEED}, with "times" (how often it applies; else always), "to" (only these recipients) and
"each" (once for each recipient). Phases: CONNECT, AUTH, MAIL, RCPT, DATA (before 354), END (the message is here).
Deeds: "hang" (until the rules change, then as if nothing had been), "cut", "take, hang", "take, cut",
"take, kill PID DELAY" (SIGKILL that many milliseconds after the answer), "take, stop PID" (frozen before the answer
reaches it, then killed), or what is answered instead, such as "451 4.3.0 Later".
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

warnings.simplefilter("ignore")
logging.disable()


class Peer:
    """What all connections share: the rules, the counts, and the folder; also aiosmtpd's handler."""

    def __init__(self, asked):
        self.asked = asked
        self.rules = []
        self.changed = asyncio.Event()
        self.open = set()
        self.taken = 0
        self.counts = {"connections": 0, "logins": 0, "refused": 0, "hanging": 0}

    def order(self, order):
        if "rules" in order:
            self.rules = order["rules"]
            self.changed.set()
            self.changed = asyncio.Event()
        return {**self.counts, "taken": self.taken}

    def deed(self, phase, recipient=None):
        for rule in self.rules:
            if rule["at"] != phase or rule.get("times", 1) < 1:
                continue
            if "to" in rule and recipient not in rule["to"]:
                continue
            if rule.get("each"):
                seen = rule.setdefault("seen", [])
                if recipient in seen:
                    continue
                seen.append(recipient)
            if "times" in rule:
                rule["times"] -= 1
            return rule["do"]
        return None

    def authenticate(self, server, session, envelope, mechanism, login):
        right = (login.login.decode(), login.password.decode()) == (self.asked.user, self.asked.password)
        self.counts["logins" if right else "refused"] += 1
        return AuthResult(success=right, handled=False, auth_data=login.login.decode())

    def keep(self, connection, envelope):
        self.taken += 1
        name = os.path.join(self.asked.folder, f"{self.taken:06}")
        facts = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "utf8": envelope.smtp_utf8,
            "encrypted": connection.is_encrypted(),
            "user": connection.session.auth_data,
        }
        with open(name + ".json", "w") as file:
            json.dump(facts, file)
        with open(name + ".part", "wb") as file:
            file.write(envelope.original_content)
        os.rename(name + ".part", name + ".eml")
        return f"250 2.0.0 Ok: queued as {self.taken:06}"

    async def handle_DATA(self, connection, session, envelope):
        deed = self.deed("END", envelope.rcpt_tos[0]) or "take"
        if not deed.startswith("take"):
            return await connection.do(deed) or self.keep(connection, envelope)
        answer = self.keep(connection, envelope)
        _, _, then = deed.partition(", ")
        if then.startswith("stop"):
            pid = int(then.split()[1])
            os.kill(pid, signal.SIGSTOP)
            await connection.push(answer)
            os.kill(pid, signal.SIGKILL)
            await connection.do("hang")
        elif then.startswith("kill"):
            _, pid, delay = then.split()
            await connection.push(answer)
            await asyncio.sleep(int(delay) / 1000)
            os.kill(int(pid), signal.SIGKILL)
            await connection.do("hang")
        elif then:
            await connection.do(then)
        return answer


class Connection(SMTP):
    """One connection, whose commands a rule may answer in its own way."""

    def __init__(self, peer, tls):
        self.peer = peer
        asked = peer.asked
        super().__init__(
            peer,
            hostname="mail.example",
            tls_context=tls if asked.tls == "starttls" else None,
            require_starttls=asked.tls == "starttls",
            auth_required=asked.user is not None,
            auth_require_tls=asked.tls == "starttls",
            authenticator=peer.authenticate,
        )

    def is_encrypted(self):
        return self.peer.asked.tls == "implicit" or self._tls_protocol is not None

    def connection_made(self, transport):
        if self not in self.peer.open:
            self.peer.open.add(self)
            self.peer.counts["connections"] += 1
        super().connection_made(transport)

    def connection_lost(self, error):
        self.peer.open.discard(self)
        super().connection_lost(error)

    def data_received(self, data):
        if not self.is_encrypted():
            with open(os.path.join(self.peer.asked.folder, "clear"), "ab") as file:
                file.write(data)
        super().data_received(data)

    def abort(self):
        transport = self._original_transport or self.transport
        if transport is not None:
            transport.abort()

    async def do(self, deed):
        """What to answer instead; None: go on as if nothing had been."""
        if deed == "hang":
            self.peer.counts["hanging"] += 1
            await self.peer.changed.wait()
            return None
        if deed == "cut":
            self.abort()
            await asyncio.sleep(3600)
        return deed

    async def instead(self, phase, recipient=None):
        """Whether a rule has answered."""
        deed = self.peer.deed(phase, recipient)
        answer = await self.do(deed) if deed else None
        if answer:
            await self.push(answer)
        return bool(answer)

    async def _handle_client(self):
        if not await self.instead("CONNECT"):
            await super()._handle_client()

    async def smtp_AUTH(self, arg):
        if not await self.instead("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        if not await self.instead("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        recipient = (arg or "").partition("<")[2].partition(">")[0]
        if not await self.instead("RCPT", recipient):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        if not await self.instead("DATA"):
            await super().smtp_DATA(arg)


async def serve(asked):
    loop = asyncio.get_running_loop()
    peer = Peer(asked)
    tls = None
    if asked.tls:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(asked.certificate, asked.key)

    async def listen(port):
        implicit = tls if asked.tls == "implicit" else None
        return await loop.create_server(lambda: Connection(peer, tls), "127.0.0.1", port, ssl=implicit)

    server = await listen(0)
    port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        if order.get("listening") is False:
            server.close()
            for connection in list(peer.open):
                connection.abort()
        elif order.get("listening") is True:
            server = await listen(port)
        print(json.dumps(peer.order(order)), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    for name in ("--tls", "--certificate", "--key", "--user", "--password"):
        parser.add_argument(name)
    asyncio.run(serve(parser.parse_args()))
    # Connections that hang would keep the loop's executor waiting.
    os._exit(0)


main()
