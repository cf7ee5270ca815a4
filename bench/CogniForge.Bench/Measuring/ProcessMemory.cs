namespace CogniForge.Bench.Measuring;

/// <summary>The resident memory of a process before the first load and after the last.</summary>
internal sealed record ProcessMemory(string Process, long BytesBefore, long BytesAfter);
