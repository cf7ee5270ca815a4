using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Configuration;

/// <summary>Options whose invalid values and unknown settings end the start.</summary>
public static class ValidatedOptionsExtensions
{
    /// <summary>Binds options to a section; invalid values and unknown settings end the start.</summary>
    /// <typeparam name="TOptions">The options, validated by their data annotations.</typeparam>
    /// <param name="services">The service's registrations.</param>
    /// <param name="section">The configuration section.</param>
    public static OptionsBuilder<TOptions> AddValidatedOptions<TOptions>(
        this IServiceCollection services,
        string section
    )
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new UnknownSettingsValidator<TOptions>(
            provider.GetRequiredService<IConfiguration>().GetSection(section)
        ));
        return services.AddOptionsWithValidateOnStart<TOptions>().BindConfiguration(section).ValidateDataAnnotations();
    }
}
