//! Type parameters (PEP 695, PEP 696).

use super::{GatedSyntax, Parse, Parser, take};
use crate::ast::{Expr, TypeParam, TypeParamKind};
use crate::lexer::TokenKind;

impl<'s, 'a> Parser<'s, 'a> {
    /// `[type_params]`.
    pub(super) fn type_params(&mut self) -> Parse<&'a [TypeParam<'a>]> {
        if self.kind() != TokenKind::LeftBracket {
            return Ok(&[]);
        }
        self.require(GatedSyntax::TypeParameters)?;
        self.bump();
        let mark = self.type_params.len();
        loop {
            let type_param = self.type_param()?;
            self.type_params.push(type_param);
            if !self.eat(TokenKind::Comma) || self.kind() == TokenKind::RightBracket {
                break;
            }
        }
        self.expect(TokenKind::RightBracket)?;
        Ok(take(&mut self.room, &mut self.type_params, mark))
    }

    /// `type_param`.
    fn type_param(&mut self) -> Parse<TypeParam<'a>> {
        let start = self.token();
        let is_tuple = self.eat(TokenKind::Star);
        let is_spec = !is_tuple && self.eat(TokenKind::DoubleStar);
        let name = self.expect_name()?;
        let kind = if is_tuple {
            TypeParamKind::TypeVarTuple
        } else if is_spec {
            TypeParamKind::ParamSpec
        } else {
            let bound = if self.eat(TokenKind::Colon) { Some(self.expression()?) } else { None };
            TypeParamKind::TypeVar { bound }
        };
        let default_value = self.type_param_default(is_tuple)?;
        Ok(TypeParam { kind, name, default_value, location: self.location(start) })
    }

    /// `[type_param_default]`, or the same of a `TypeVarTuple`, which may be starred.
    fn type_param_default(&mut self, is_tuple: bool) -> Parse<Option<&'a Expr<'a>>> {
        if self.kind() != TokenKind::Equal {
            return Ok(None);
        }
        self.require(GatedSyntax::TypeParameterDefaults)?;
        self.bump();
        Ok(Some(if is_tuple { self.star_expression()? } else { self.expression()? }))
    }
}
