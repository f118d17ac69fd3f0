"""Words of so many companies' names that they tell none from another.

They weigh less, and nobody is looked up by them alone.
"""

from __future__ import annotations

from typing import Final

__all__ = ["GENERAL_WORDS"]

GENERAL_WORDS: Final = frozenset(
    {
        "agency", "agricultural", "agro", "al", "and", "associates", "automotive", "bank", "beijing", "brothers",
        "building", "business", "center", "centre", "chemical", "chemicals", "china", "chinese", "commerce",
        "commercial", "company", "construction", "corporate", "corporation", "de", "del", "der", "des", "develop",
        "development", "di", "do", "du", "electric", "electrical", "electronic", "electronics", "energy", "engineering",
        "enterprise", "enterprises", "equipment", "establishment", "export", "exports", "factory", "fashion",
        "financial", "food", "foods", "for", "foreign", "foundation", "furniture", "general", "global", "goods",
        "group", "guangdong", "guangzhou", "guizhou", "handel", "handels", "hardware", "holding", "holdings", "hong",
        "hongkong", "import", "imports", "industrial", "industries", "industry", "institute", "insurance",
        "international", "investment", "investments", "jiangsu", "kong", "la", "las", "limited", "line", "lines",
        "logistics", "los", "machinery", "management", "manufacturing", "marine", "material", "materials", "medical",
        "metal", "metals", "ministry", "national", "new", "ningbo", "of", "oil", "organization", "petroleum",
        "pharmaceutical", "plastic", "plastics", "power", "private", "product", "products", "s", "sea", "service",
        "services", "shanghai", "shenzhen", "ship", "shipping", "solutions", "state", "steel", "store", "stores",
        "supplies", "supply", "systems", "tech", "technical", "technologies", "technology", "textile", "textiles",
        "the", "tianjin", "tools", "trade", "traders", "trading", "trans", "transport", "und", "united", "university",
        "van", "von", "world", "y", "zhejiang",
    }
)  # fmt: skip
