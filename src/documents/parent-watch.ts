// A thread beside one that may be lost in a document: the process ends with the server that started it, whatever it is doing.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, 1000)
