namespace CogniForge.Llm.Configuration;

/// <summary>Holds the settings of this moment. Thread-safe: a change swaps one reference, a request keeps those that it began with.</summary>
internal sealed class CurrentConfig(GatewayConfig initial)
{
    private GatewayConfig _value = initial;

    /// <summary>The settings of this moment.</summary>
    public GatewayConfig Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, value);
    }
}
