namespace CogniForge.Llm.Configuration;

/// <summary>
/// Holds the current configuration. Thread-safe: a change swaps one reference, and a request keeps the configuration
/// that it began with.
/// </summary>
internal sealed class CurrentConfig(GatewayConfig initial)
{
    private GatewayConfig _value = initial;

    public GatewayConfig Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, value);
    }
}
