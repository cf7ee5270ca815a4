namespace CogniForge.Llm.Configuration;

/// <summary>A target in configuration.</summary>
internal sealed class TargetOptions
{
    /// <summary>The provider's name.</summary>
    public string Provider { get; set; } = "";

    /// <summary>The model's name there.</summary>
    public string Model { get; set; } = "";

    /// <summary>The lowest is asked first.</summary>
    public int? Order { get; set; }

    /// <summary>The share among targets of the same order.</summary>
    public double Weight { get; set; } = 1;
}
