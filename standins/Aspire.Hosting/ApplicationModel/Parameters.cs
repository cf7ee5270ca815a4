using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.ApplicationModel;

public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

public sealed class GenerateParameterDefault : ParameterDefault
{
    // Without the letters and signs that are mistaken for each other or mean something in URLs, connection strings and shells.
    private const string LowerChars = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperChars = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericChars = "0123456789";
    private const string SpecialChars = "-_.{}~()*+!";

    public int MinLength { get; set; } = 22;

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    public override string GetDefaultValue()
    {
        var all = (Lower ? LowerChars : "") + (Upper ? UpperChars : "") + (Numeric ? NumericChars : "") + (Special ? SpecialChars : "");
        if (all.Length == 0)
            throw new ArgumentException("At least one character type must be enabled.");
        var required = Some(LowerChars, MinLower) + Some(UpperChars, MinUpper) + Some(NumericChars, MinNumeric) + Some(SpecialChars, MinSpecial);
        var characters = (required + Some(all, Math.Max(0, MinLength - required.Length))).ToCharArray();
        RandomNumberGenerator.Shuffle<char>(characters);
        return new string(characters);
    }

    private static string Some(string choices, int count) => RandomNumberGenerator.GetString(choices, count);
}

/// <summary>A generated value that is kept in the AppHost's user secrets, so that the next run has the same.</summary>
internal sealed class PersistedParameterDefault(string name, ParameterDefault inner, UserSecretsFile? secrets) : ParameterDefault
{
    public override string GetDefaultValue() =>
        secrets?.GetOrAdd($"Parameters:{name}", inner.GetDefaultValue) ?? inner.GetDefaultValue();
}

public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        _value = new Lazy<string>(() => callback(Default));
        Secret = secret;
        ConfigurationKey = $"Parameters:{name}";
    }

    public ParameterDefault? Default { get; set; }

    public bool Secret { get; }

    public bool IsConnectionString { get; set; }

    public string? Description { get; set; }

    public bool EnableDescriptionMarkdown { get; set; }

    public string ValueExpression => $"{{{Name}.value}}";

    internal string ConfigurationKey { get; set; }

    /// <summary>Set while the value is missing and somebody may still supply it.</summary>
    internal TaskCompletionSource<string>? Awaited { get; set; }

    internal string CurrentValue => _value.Value;

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        Awaited is { } awaited ? await awaited.Task.WaitAsync(cancellationToken).ConfigureAwait(false) : _value.Value;

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

    internal static string Read(IConfiguration configuration, string key, ParameterDefault? parameterDefault) =>
        configuration[key]
        ?? configuration[key.Replace('-', '_')]
        ?? parameterDefault?.GetDefaultValue()
        ?? throw new MissingParameterValueException($"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter has no default value.");
}

/// <summary>A connection string from <c>ConnectionStrings:{name}</c>.</summary>
internal sealed class ConnectionStringParameterResource : ParameterResource, IResourceWithConnectionString
{
    public ConnectionStringParameterResource(string name, Func<ParameterDefault?, string> callback, string? environmentVariable)
        : base(name, callback, secret: true)
    {
        ConnectionStringEnvironmentVariable = environmentVariable;
        ConfigurationKey = $"ConnectionStrings:{name}";
        IsConnectionString = true;
    }

    public string? ConnectionStringEnvironmentVariable { get; }

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{this}");

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}
