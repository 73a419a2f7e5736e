"""The embedded mail server in a thread of the test."""

import asyncio
import threading

from mail_server.embedded.server import MailServer


class RunningServer:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.server = MailServer("127.0.0.1", 0, 0)
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self.server.start(), self.loop).result(10)

    @property
    def ports(self):
        return self.server.ports

    def stop(self):
        asyncio.run_coroutine_threadsafe(self.end_sessions(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def end_sessions(self):
        await self.server.close()
        sessions = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for session in sessions:
            session.cancel()
        await asyncio.gather(*sessions, return_exceptions=True)
