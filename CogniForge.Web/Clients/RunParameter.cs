namespace CogniForge.Web.Clients;

/// <summary>A parameter of a run.</summary>
internal sealed record RunParameter(string Key, string Value);
