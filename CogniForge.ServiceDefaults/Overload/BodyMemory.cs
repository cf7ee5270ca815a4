namespace CogniForge.ServiceDefaults.Overload;

/// <summary>How many bytes of memory a byte of an endpoint's body takes. Default: 1.</summary>
internal sealed record BodyMemory(int BytesPerByte);
