namespace CogniForge.ServiceDefaults.Hosting;

/// <summary>Marks an exception whose message alone explains to an operator why the service does not start.</summary>
#pragma warning disable CA1040 // A marker: the exceptions have different base types.
public interface IStartError;
#pragma warning restore CA1040
